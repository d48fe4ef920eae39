package dev.tranche.definition;

import dev.tranche.definition.Variants.How;

/** One step of a job: chunks from a source to a target, SQL statements, or a tasklet bean. */
@Variants(how = How.KEY_PRESENT, title = "step")
public sealed interface StepDefinition
    permits ChunkStepDefinition, SqlStepDefinition, TaskletStepDefinition {

  String name();
}

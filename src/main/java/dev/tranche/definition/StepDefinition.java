package dev.tranche.definition;

/** One step of a job: chunks from a source to a target, SQL statements, or a tasklet bean. */
public sealed interface StepDefinition
    permits ChunkStepDefinition, SqlStepDefinition, TaskletStepDefinition {

  String name();
}

package dev.tranche.definition;

import jakarta.validation.constraints.NotBlank;

/** A step that calls a {@code Tasklet} bean. */
@Variant("tasklet")
public record TaskletStepDefinition(
    @Key(value = "Its name, of its own within the job.", notation = Notation.NAME) @NotBlank String name,

    @Key("The name of a Spring `Tasklet` bean.") @NotBlank String tasklet)
    implements StepDefinition {}

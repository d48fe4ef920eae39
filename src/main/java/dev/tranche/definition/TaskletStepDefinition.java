package dev.tranche.definition;

/** A step that calls a {@code Tasklet} bean. */
public record TaskletStepDefinition(String name, String tasklet) implements StepDefinition {}

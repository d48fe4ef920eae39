package dev.tranche.definition;

import org.jspecify.annotations.Nullable;

/** A parameter of a job: its type, and what holds when a run does not give it. */
public record ParameterDefinition(
    Type type, @Nullable String defaultValue, boolean required, boolean identifying) {

  public enum Type {
    STRING,
    LONG,
    DOUBLE,
    DATE,
    TIMESTAMP
  }
}

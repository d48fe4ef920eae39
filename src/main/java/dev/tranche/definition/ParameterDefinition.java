package dev.tranche.definition;

import org.jspecify.annotations.Nullable;

/** A parameter of a job: its type, and what holds when a run does not give it. */
public record ParameterDefinition(
    @Key(value = "The type of its values.", standard = Defaults.PARAMETER_TYPE)
    Type type,

    @Key(value = "The value of runs that give none.", name = "default", notation = Notation.FIXED)
    @Nullable String defaultValue,

    @Key(value = "Whether every run must give it.", standard = Defaults.FALSE)
    boolean required,

    @Key(
        value = "Whether runs with different values are different job instances.",
        standard = Defaults.TRUE)
    boolean identifying) {

  public enum Type {
    STRING,
    LONG,
    DOUBLE,
    DATE,
    TIMESTAMP
  }
}

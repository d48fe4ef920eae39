package dev.tranche.definition;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a component of a definition is written in YAML.
 *
 * <p>The binder, the JSON Schema and the reference in {@code src/docs/job-file.md} are made from
 * it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Key {

  /** What it means, as users read it. */
  String value();

  /** The key; empty: the name of the component in kebab-case. */
  String name() default "";

  /** One of {@link Defaults}; empty: there is none. */
  String standard() default "";

  /** How a value is written; {@code TEXT}: as the Java type suggests. */
  Notation notation() default Notation.TEXT;
}

package dev.tranche.definition;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that {@code ${name}} and {@code ${env.NAME}} stand for.
 *
 * <p>Asked with the name between the braces, so with {@code env.NAME} for an environment variable.
 * Environment variables are not to be found under any other name.
 */
@FunctionalInterface
public interface Placeholders {

  Placeholders NONE = name -> null;

  /** The value of {@code name}; null if there is none. */
  @Nullable String value(String name);

  /** These values, and those of {@code other} for the names that are not here. */
  default Placeholders or(Placeholders other) {
    return name -> {
      String value = value(name);
      return value == null ? other.value(name) : value;
    };
  }

  static Placeholders of(Map<String, String> values) {
    return values::get;
  }

  /** The environment variables of this process, as {@code env.NAME}. */
  static Placeholders environment() {
    return name -> name.startsWith("env.") ? System.getenv(name.substring(4)) : null;
  }
}

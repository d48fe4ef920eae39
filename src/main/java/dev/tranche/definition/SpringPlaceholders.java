package dev.tranche.definition;

import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Spring properties by their names, and environment variables only as {@code env.NAME}. */
public record SpringPlaceholders(ConfigurableEnvironment environment) implements Placeholders {

  @Override
  public @Nullable String value(String name) {
    if (name.startsWith("env.")) {
      return Placeholders.environment().value(name);
    }
    for (PropertySource<?> source : environment.getPropertySources()) {
      boolean variables =
          source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
      // "configurationProperties" is a view of all the others, variables included.
      boolean view = source.getName().equals("configurationProperties");
      if (!variables && !view && source.containsProperty(name)) {
        return environment.getProperty(name);
      }
    }
    return null;
  }
}

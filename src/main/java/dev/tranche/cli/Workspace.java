package dev.tranche.cli;

import dev.tranche.definition.JobFiles;
import dev.tranche.definition.Placeholders;
import dev.tranche.definition.Problem;
import dev.tranche.definition.SpringPlaceholders;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Job files and the settings they refer to, read without starting an application. */
final class Workspace {

  private final ConfigurableEnvironment settings;

  private Workspace(ConfigurableEnvironment settings) {
    this.settings = settings;
  }

  /** With the settings that an application started here would have. */
  static Workspace here() {
    // There is no application to set logging up; without this, libraries print what they like.
    LoggingSystem.get(Workspace.class.getClassLoader()).beforeInitialize();
    return with(new StandardEnvironment());
  }

  /** With {@code settings}, to which those of config/application.yml and the defaults are added. */
  static Workspace with(ConfigurableEnvironment settings) {
    ConfigDataEnvironmentPostProcessor.applyTo(settings);
    settings
        .getPropertySources()
        .addLast(new MapPropertySource("defaults", TrancheApplication.DEFAULTS));
    return new Workspace(settings);
  }

  /** Problems and notes of {@code files}, or of all job files if there are none given. */
  List<Problem> lint(List<Path> files) {
    Placeholders placeholders = new SpringPlaceholders(settings);
    JobFiles jobs =
        files.isEmpty() ? JobFiles.of(folder(), placeholders) : JobFiles.of(files, placeholders);
    return jobs.lint();
  }

  private Path folder() {
    return Path.of(settings.getProperty("tranche.base-directory", ""))
        .resolve(settings.getProperty("tranche.jobs", "jobs"));
  }
}

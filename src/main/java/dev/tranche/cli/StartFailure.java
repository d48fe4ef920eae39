package dev.tranche.cli;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** Says in words why the application did not start, and what to do. */
final class StartFailure {

  private static final String URL = "spring.datasource.url";

  private StartFailure() {}

  /** @param environment as far as it was read; null if it could not be */
  static StartException explain(Throwable failure, @Nullable Environment environment) {
    SQLException database = database(failure);
    if (database != null && environment != null) {
      return new StartException(unreachable(database, environment), failure);
    }
    FailureAnalysis analysis = analyse(failure, environment);
    if (analysis != null) {
      String action = analysis.getAction() == null ? "" : "\n" + analysis.getAction();
      return new StartException(analysis.getDescription() + action, failure);
    }
    return new StartException("Tranche could not start: " + root(failure), failure);
  }

  private static String unreachable(SQLException database, Environment environment) {
    return "Cannot use the database "
        + masked(environment.getProperty(URL, ""))
        + " as user '"
        + environment.getProperty("spring.datasource.username", "")
        + "': "
        + firstLine(database)
        + "\nStart it, or name another: spring.datasource.url in config/application.yml, or"
        + " -Dspring.datasource.url=... before -jar.";
  }

  /** A JDBC URL without the passwords some people put into it. */
  static String masked(String url) {
    return url.replaceAll("(?i)((?:password|passwd|pwd)=)[^&;]*", "$1***")
        .replaceAll("(//[^/@:]*:)[^/@]*@", "$1***@");
  }

  private static String firstLine(SQLException database) {
    return String.valueOf(database.getMessage()).lines().findFirst().orElse("");
  }

  private static @Nullable SQLException database(Throwable failure) {
    SQLException found = null;
    for (Throwable it = failure; it != null; it = it.getCause()) {
      if (it instanceof SQLException sql) {
        found = sql;
      }
    }
    return found;
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static @Nullable FailureAnalysis analyse(
      Throwable failure, @Nullable Environment environment) {
    ArgumentResolver arguments = ArgumentResolver.none();
    if (environment != null) {
      arguments = arguments.and(Environment.class, environment);
    }
    // Analysers that need the bean factory are left out: by now it is closed.
    return SpringFactoriesLoader.forDefaultResourceLocation()
        .load(
            FailureAnalyzer.class, arguments, FailureHandler.handleMessage((message, cause) -> {}))
        .stream()
        .map(analyzer -> analyzer.analyze(failure))
        .filter(analysis -> analysis != null)
        .findFirst()
        .orElse(null);
  }
}

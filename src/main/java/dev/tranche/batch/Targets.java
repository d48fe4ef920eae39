package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.definition.JobDefinition;
import dev.tranche.definition.Placeholders;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.store.Database;
import dev.tranche.store.StepState;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Says where the data of a step is. Safe for all threads. */
record Targets(Engine engine, JobSource jobs) {

  /** {@code table earthquake of jdbc:h2:file:./var/tranche}; null for steps that load nothing. */
  @Nullable String describe(String job, StepState state) {
    try {
      JobDefinition definition =
          jobs.file(job).resolve(Placeholders.of(state.placeholders()).or(jobs.environment()));
      return definition.steps().stream()
          .filter(step -> step.name().equals(state.step()))
          .filter(ChunkStepDefinition.class::isInstance)
          .map(step -> describe(((ChunkStepDefinition) step).write(), state.target()))
          .findFirst()
          .orElse(null);
    } catch (RefusedException | InvalidDefinitionException noLonger) {
      return null;
    }
  }

  String describe(WriteDefinition write, String target) {
    if (write instanceof WriteDefinition.Jdbc jdbc) {
      return "table " + jdbc.table() + " of " + address(target);
    }
    if (write instanceof WriteDefinition.InFile file) {
      return "file " + file.file();
    }
    return "whatever bean " + ((WriteDefinition.Bean) write).bean() + " writes to";
  }

  /** The database's URL without what may be secret in it. */
  private String address(String name) {
    Database database = engine.databases().find(name);
    if (database == null) {
      return "connection " + name;
    }
    try (Connection connection = database.connect()) {
      String url = String.valueOf(connection.getMetaData().getURL());
      return url.replaceAll("[?;].*", "").replaceAll("//[^/@]*@", "//");
    } catch (SQLException away) {
      return "connection " + name;
    }
  }
}

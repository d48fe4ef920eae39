package dev.tranche.plan;

import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.SliceJson;
import dev.tranche.reader.FileInput;
import dev.tranche.reader.TableInput;
import dev.tranche.store.Database;
import dev.tranche.store.Databases;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the inputs of steps are found.
 *
 * @param baseDirectory what paths are resolved against
 * @param mayLeave whether files outside of it may be read
 */
record Inputs(
    Path baseDirectory, boolean mayLeave, Partitioning partitioning, Databases databases) {

  /** As the input is now. */
  Input examine(ChunkStepDefinition step) {
    if (step.read() instanceof ReadDefinition.Jdbc jdbc) {
      return new TableRows(TableInput.find(jdbc, database(step)), step.partition());
    }
    return files(step)
        .<Input>map(input -> new FileRows(input, step.partition(), input.examine()))
        .orElseGet(() -> bean(step));
  }

  /** With the facts that were frozen with its layout. */
  Input frozen(ChunkStepDefinition step, String files) {
    if (step.read() instanceof ReadDefinition.Jdbc jdbc) {
      return new TableRows(TableInput.find(jdbc, database(step), files), step.partition());
    }
    return files(step)
        .<Input>map(input -> new FileRows(input, step.partition(), SliceJson.readFacts(files)))
        .orElseGet(() -> bean(step));
  }

  /** The files of a step that reads files. */
  Optional<FileInput> files(ChunkStepDefinition step) {
    return step.read() instanceof ReadDefinition.InFiles files
        ? Optional.of(new FileInput(files, baseDirectory, mayLeave))
        : Optional.empty();
  }

  /** The database of a step that reads a table. */
  Database database(ChunkStepDefinition step) {
    return database(step.read().connection());
  }

  /** A database by its name; null for the job repository's. */
  Database database(@Nullable String connection) {
    return Objects.requireNonNull(databases.find(connection), "planned without it");
  }

  private Input bean(ChunkStepDefinition step) {
    return new BeanItems((ReadDefinition.Bean) step.read(), step.partition(), partitioning);
  }
}

package dev.tranche.plan;

import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.SliceJson;
import dev.tranche.reader.CsvInput;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the inputs of steps are found.
 *
 * @param baseDirectory what paths are resolved against
 * @param mayLeave whether files outside of it may be read
 */
record Inputs(Path baseDirectory, boolean mayLeave, Partitioning partitioning) {

  /** As the input is now. */
  Input examine(ChunkStepDefinition step) {
    return csv(step)
        .<Input>map(input -> new CsvFiles(input, step.partition(), input.examine()))
        .orElseGet(() -> bean(step));
  }

  /** With the facts that were frozen with its layout. */
  Input frozen(ChunkStepDefinition step, String files) {
    return csv(step)
        .<Input>map(input -> new CsvFiles(input, step.partition(), SliceJson.readFacts(files)))
        .orElseGet(() -> bean(step));
  }

  /** The files of a step that reads files. */
  Optional<CsvInput> csv(ChunkStepDefinition step) {
    return step.read() instanceof ReadDefinition.Csv csv
        ? Optional.of(new CsvInput(csv, baseDirectory, mayLeave))
        : Optional.empty();
  }

  private Input bean(ChunkStepDefinition step) {
    return new BeanItems((ReadDefinition.Bean) step.read(), step.partition(), partitioning);
  }
}

package dev.tranche.plan;

import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.SliceJson;
import dev.tranche.reader.CsvInput;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the inputs of steps are found.
 *
 * @param baseDirectory what paths are resolved against
 * @param mayLeave whether files outside of it may be read
 */
record Inputs(Path baseDirectory, boolean mayLeave, Partitioning partitioning) {

  /** As the input is now. */
  Input examine(ChunkStepDefinition step) {
    if (step.read() instanceof ReadDefinition.Csv csv) {
      CsvInput input = new CsvInput(csv, baseDirectory, mayLeave);
      return new CsvFiles(input, step.partition(), input.examine());
    }
    return bean(step);
  }

  /** With the facts that were frozen with its layout. */
  Input frozen(ChunkStepDefinition step, String files) {
    if (step.read() instanceof ReadDefinition.Csv csv) {
      CsvInput input = new CsvInput(csv, baseDirectory, mayLeave);
      return new CsvFiles(input, step.partition(), SliceJson.readFacts(files));
    }
    return bean(step);
  }

  private Input bean(ChunkStepDefinition step) {
    return new BeanItems((ReadDefinition.Bean) step.read(), step.partition(), partitioning);
  }
}

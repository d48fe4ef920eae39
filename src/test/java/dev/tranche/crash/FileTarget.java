package dev.tranche.crash;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file that is there when the load is complete, and not before. */
record FileTarget(Path file) implements Target {

  static FileTarget in(Path home, String format) {
    return new FileTarget(home.resolve("out/orders." + format));
  }

  @Override
  public List<String> rows() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    return file.toString().endsWith(".csv") ? records() : objects();
  }

  private List<String> records() throws IOException {
    try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
      return csv.stream().map(record -> String.join("|", record.getFields())).toList();
    }
  }

  private List<String> objects() throws IOException {
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      List<String> values = new ArrayList<>();
      for (JsonNode value : JsonMapper.shared().readTree(line)) {
        values.add(value.asString());
      }
      rows.add(String.join("|", values));
    }
    return rows;
  }

  /** The first segments are full before the file is. */
  @Override
  public Growth growth() {
    return new Growth(file, 400);
  }
}

package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.Slice;
import dev.tranche.row.ColumnType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real catalogues that the first job loads. */
class EarthquakesTest {

  private static final int EVENTS = 21_816;

  private final FileInput input = new FileInput(definition(), Path.of(""), false);
  private final List<FileFacts> facts = input.examine();

  @ParameterizedTest
  @ValueSource(longs = {1 << 16, 1 << 19, 1 << 30})
  void givesTheSameTypedRowsWhateverThePartitions(long size) {
    List<String> rows = read(new PartitionDefinition.Bytes(size, null, 4));

    assertThat(rows).hasSize(EVENTS).isEqualTo(read(new PartitionDefinition.Single()));
    assertThat(rows.get(0))
        .isEqualTo("2: [1960-01-02T07:11:19.320Z, 33.7861667, 2.39, ci3351422,"
            + " 17km W of Palos Verdes Estates, CA]");
  }

  private List<String> read(PartitionDefinition rule) {
    List<String> rows = new ArrayList<>();
    input
        .cut(rule, facts)
        .forEachRemaining(slice ->
            rows.addAll(CsvFolder.read(input.source((Slice.Files) slice, facts), 500)));
    return rows;
  }

  private static ReadDefinition.Csv definition() {
    Map<String, ColumnDefinition> columns = new LinkedHashMap<>();
    columns.put("time", new ColumnDefinition(null, ColumnType.TIMESTAMP, null, null));
    columns.put("latitude", new ColumnDefinition(null, ColumnType.DOUBLE, null, null));
    columns.put("magnitude", new ColumnDefinition("mag", ColumnType.DECIMAL, null, null));
    columns.put("id", new ColumnDefinition(null, ColumnType.STRING, null, null));
    columns.put("place", new ColumnDefinition(null, ColumnType.STRING, null, null));
    return new ReadDefinition.Csv(
        List.of("jobs/data/earthquakes/*.csv"),
        columns,
        true,
        ',',
        '"',
        StandardCharsets.UTF_8,
        List.of(""),
        false,
        true,
        1 << 20);
  }
}

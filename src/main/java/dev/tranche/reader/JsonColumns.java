package dev.tranche.reader;

import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.FileKind;
import dev.tranche.row.Column;
import dev.tranche.row.Columns;
import java.util.ArrayList;
import java.util.List;

/** Where in a JSON object each column is; the same in all files. */
final class JsonColumns implements Decoding {

  private final Columns columns;
  private final RecordDecoder decoder;

  JsonColumns(ReadDefinition.InFiles definition, FileKind kind) {
    List<String> nulls =
        definition instanceof ReadDefinition.Jsonl lines
            ? lines.nullValues()
            : ((ReadDefinition.Json) definition).nullValues();
    ColumnReader.Blanks blanks = new ColumnReader.Blanks(false, nulls);
    List<ColumnReader> readers = new ArrayList<>();
    List<String> places = new ArrayList<>();
    definition.columns().forEach((name, column) -> {
      readers.add(new ColumnReader(name, column, blanks, kind.syntax()));
      places.add(column.from() == null ? name : column.from());
    });
    this.columns =
        new Columns(
            readers.stream().map(reader -> new Column(reader.name(), reader.type())).toList());
    boolean inArray = kind.beginning() == FileKind.Beginning.BRACKET;
    this.decoder = new JsonDecoder(columns, readers, places, inArray);
  }

  @Override
  public Columns columns() {
    return columns;
  }

  @Override
  public RecordDecoder decoder(FileFacts file) {
    return decoder;
  }
}

package dev.tranche.reader;

import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.FileFacts;
import dev.tranche.row.Column;
import dev.tranche.row.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Where in a line each column is; the same in all files. */
final class FixedColumns implements Decoding {

  private final Columns columns;
  private final RecordDecoder decoder;

  FixedColumns(ReadDefinition.Fixed definition, CsvSyntax syntax) {
    ColumnReader.Blanks blanks = new ColumnReader.Blanks(true, definition.nullValues());
    List<FixedDecoder.Field> fields = new ArrayList<>();
    int next = 1;
    for (Map.Entry<String, ColumnDefinition> each : definition.columns().entrySet()) {
      ColumnDefinition column = each.getValue();
      int width = Objects.requireNonNull(column.width(), "checked by the definition");
      int at = column.at() == null ? next : column.at();
      fields.add(
          new FixedDecoder.Field(
              new ColumnReader(each.getKey(), column, blanks, syntax), at - 1, at - 1 + width));
      next = at + width;
    }
    this.columns =
        new Columns(
            fields.stream()
                .map(field -> new Column(field.reader().name(), field.reader().type()))
                .toList());
    this.decoder = new FixedDecoder(syntax, columns, fields);
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

package dev.tranche.reader;

import dev.tranche.definition.Nearest;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.InputException;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which field of which CSV file is which column.
 *
 * <p>Without a header, {@code columns} take the fields in order, or by number with {@code from}.
 */
final class CsvColumns implements Decoding {

  private final ReadDefinition.Csv definition;
  private final CsvSyntax syntax;
  private final List<FileFacts> facts;
  private final Map<String, ColumnDefinition> definitions;
  private final List<ColumnReader> readers = new ArrayList<>();
  private final Columns columns;

  CsvColumns(ReadDefinition.Csv definition, CsvSyntax syntax, List<FileFacts> facts) {
    this.definition = definition;
    this.syntax = syntax;
    this.facts = facts;
    this.definitions = definition.columns().isEmpty() ? ofHeader() : definition.columns();
    ColumnReader.Blanks blanks =
        new ColumnReader.Blanks(definition.trim(), definition.nullValues());
    definitions.forEach(
        (name, column) -> readers.add(new ColumnReader(name, column, blanks, syntax)));
    this.columns = new Columns(readers.stream()
        .map(reader -> new Column(reader.name(), reader.type()))
        .toList());
  }

  @Override
  public Columns columns() {
    return columns;
  }

  private Map<String, ColumnDefinition> ofHeader() {
    if (!definition.header()) {
      throw new InputException(
          "files without a header need 'columns', which name their fields in order");
    }
    Map<String, ColumnDefinition> strings = new LinkedHashMap<>();
    for (FileFacts file : facts) {
      if (!file.header().isEmpty()) {
        for (String name : file.header()) {
          strings.put(name, new ColumnDefinition(null, ColumnType.STRING, null, null));
        }
        break;
      }
    }
    return strings;
  }

  @Override
  public RecordDecoder decoder(FileFacts file) {
    return new CsvDecoder(syntax, columns, readers, file.header(), fields(file));
  }

  private int[] fields(FileFacts file) {
    if (definition.columns().isEmpty()) {
      checkNoMore(file);
    }
    int[] fields = new int[columns.size()];
    int next = 0;
    for (Map.Entry<String, ColumnDefinition> column : definitions.entrySet()) {
      String from = column.getValue().from();
      String byDefault = definition.header() ? column.getKey() : String.valueOf(next + 1);
      fields[next++] = field(file, column.getKey(), from == null ? byDefault : from);
    }
    return fields;
  }

  private int field(FileFacts file, String column, String from) {
    int field = file.header().indexOf(from);
    if (field >= 0) {
      return field;
    }
    if (!definition.header()) {
      throw new InputException(
          "file '" + file.path() + "' has " + file.header().size() + " fields in its first"
              + " record; column '" + column + "' reads field " + from);
    }
    String readBy = column.equals(from) ? "" : " for column '" + column + "'";
    throw new InputException("file '" + file.path() + "' has no '" + from + "' in its header"
        + readBy + ". " + Nearest.hint(from, "names there", file.header()));
  }

  private void checkNoMore(FileFacts file) {
    for (String name : file.header()) {
      if (columns.indexOf(name) < 0) {
        throw new InputException(
            "file '" + file.path() + "' has '" + name + "' in its header, which the first file"
                + " has not. Say with 'columns' which ones to read");
      }
    }
  }
}
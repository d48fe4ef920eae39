package dev.tranche.reader;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.definition.Nearest;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.Cutter;
import dev.tranche.partition.FileExaminer;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.InputException;
import dev.tranche.partition.InputFiles;
import dev.tranche.partition.Slice;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The CSV files that a step reads: finds, examines and cuts them, and opens their slices.
 *
 * <p>Without a header, {@code columns} take the fields in order, or by number with {@code from}.
 *
 * <p>Immutable; safe for all threads. Every method throws an {@link InputException} if the input
 * cannot be used as it is.
 */
public final class CsvInput {

  private final ReadDefinition.Csv definition;
  private final CsvSyntax syntax;
  private final InputFiles files;

  /** @param mayLeave whether files outside of {@code baseDirectory} may be read */
  public CsvInput(ReadDefinition.Csv definition, Path baseDirectory, boolean mayLeave) {
    this.definition = definition;
    this.syntax = CsvSyntax.of(definition);
    this.files = new InputFiles(baseDirectory, mayLeave);
  }

  /** The files there are now, each with its header read and every column found in it. */
  public List<FileFacts> examine() {
    FileExaminer examiner = new FileExaminer(syntax, definition);
    List<FileFacts> facts = new ArrayList<>();
    for (String path : files.find(definition.files())) {
      facts.add(examiner.examine(path, files.resolve(path)));
    }
    Mapping mapping = new Mapping(facts);
    facts.stream().filter(file -> !file.header().isEmpty()).forEach(mapping::decoder);
    return facts;
  }

  /** The columns of the rows that are read from {@code facts}. */
  public Columns columns(List<FileFacts> facts) {
    return new Mapping(facts).columns;
  }

  /** The slices of the files, in order, cut as they are asked for; there may be none. */
  public Iterator<Slice> cut(PartitionDefinition rule, List<FileFacts> facts) {
    return Cutter.cut(rule, facts, syntax, files);
  }

  /** All files as one slice. */
  public Slice whole(List<FileFacts> facts) {
    Iterator<Slice> only = cut(new PartitionDefinition.Single(), facts);
    return only.hasNext() ? only.next() : new Slice.Files(List.of());
  }

  /** The rows of one slice; not opened yet. */
  public ChunkSource<Row> source(Slice.Files slice, List<FileFacts> facts) {
    Mapping mapping = new Mapping(facts);
    return new CsvSource(syntax, definition.maxRecord(), slice, files::resolve, mapping::decoder);
  }

  /**
   * Makes rows again of what is kept of rejected records; one thread asks, any may decode. Needs
   * none of the files.
   */
  public RejectSource.Rebuilding rebuilding(List<FileFacts> facts) {
    Mapping mapping = new Mapping(facts);
    return reject -> {
      RowDecoder decoder = mapping.decoder(reject.source());
      byte[] bytes = reject.original().getBytes(syntax.charset());
      return () -> decoder.decode(bytes, 0, bytes.length, Math.max(0, reject.offset()));
    };
  }

  /** Whether every file has the size and the time of modification it had when it was examined. */
  public boolean isUnchanged(List<FileFacts> stored) {
    InputCheck check = check();
    return stored.stream().allMatch(check::isUnchanged);
  }

  /**
   * What to store before partitions go on that read files which have changed.
   *
   * @param stored the facts stored with the layout
   * @param partitions all of the layout
   * @throws InputException if bytes that are loaded were changed, or cannot be found again
   */
  public InputCheck.Result check(
      List<FileFacts> stored, Iterable<InputCheck.Partition> partitions) {
    return check().check(stored, partitions);
  }

  private InputCheck check() {
    return new InputCheck(
        syntax, files, definition.header(), new FileExaminer(syntax, definition)::examine);
  }

  /** Which field of which file is which column; one thread. */
  private final class Mapping {

    private final List<FileFacts> facts;
    private final Map<String, ColumnDefinition> definitions;
    private final List<ColumnReader> readers;
    private final Columns columns;
    private final Map<String, RowDecoder> decoders = new HashMap<>();

    Mapping(List<FileFacts> facts) {
      this.facts = facts;
      this.definitions = definition.columns().isEmpty() ? ofHeader() : definition.columns();
      this.readers = new ArrayList<>();
      definitions.forEach(
          (name, column) -> readers.add(new ColumnReader(name, column, definition, syntax)));
      this.columns = new Columns(readers.stream()
          .map(reader -> new Column(reader.name(), reader.type()))
          .toList());
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

    RowDecoder decoder(String path) {
      return decoders.computeIfAbsent(path, this::newDecoder);
    }

    private RowDecoder newDecoder(String path) {
      for (FileFacts file : facts) {
        if (file.path().equals(path)) {
          return decoder(file);
        }
      }
      throw new IllegalArgumentException("'" + path + "' is not among the files of the layout");
    }

    RowDecoder decoder(FileFacts file) {
      return new RowDecoder(syntax, columns, readers, file.header(), fields(file));
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
}

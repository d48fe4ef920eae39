package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.TemporaryFolder;
import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.Slice;
import dev.tranche.row.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A folder of CSV files, how they are to be read, and what reading them gives. */
final class CsvFolder implements AutoCloseable {

  final Path path;
  private Map<String, ColumnDefinition> columns = new LinkedHashMap<>();
  private List<String> files = List.of("*.csv");
  private List<String> nullValues = List.of();
  private boolean header = true;
  private boolean trim;
  private boolean multiline = true;
  private char delimiter = ',';
  private char quote = '"';
  private Charset charset = StandardCharsets.UTF_8;
  private long maxRecord = 1 << 20;

  CsvFolder() {
    try {
      path = TemporaryFolder.create("csv");
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  CsvFolder with(String name, String text) {
    return with(name, text.getBytes(charset));
  }

  CsvFolder with(String name, byte[] bytes) {
    try {
      Path file = path.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
      return this;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  CsvFolder files(String... patterns) {
    files = List.of(patterns);
    return this;
  }

  CsvFolder column(String name, ColumnDefinition column) {
    columns.put(name, column);
    return this;
  }

  CsvFolder nullValues(String... texts) {
    nullValues = List.of(texts);
    return this;
  }

  CsvFolder withoutHeader() {
    header = false;
    return this;
  }

  CsvFolder trimmed() {
    trim = true;
    return this;
  }

  CsvFolder singleLine() {
    multiline = false;
    return this;
  }

  CsvFolder delimiter(char delimiter) {
    this.delimiter = delimiter;
    return this;
  }

  CsvFolder charset(Charset charset) {
    this.charset = charset;
    return this;
  }

  CsvFolder maxRecord(long bytes) {
    maxRecord = bytes;
    return this;
  }

  ReadDefinition.Csv definition() {
    return new ReadDefinition.Csv(
        files, columns, header, delimiter, quote, charset, nullValues, trim, multiline, maxRecord);
  }

  FileInput input() {
    return new FileInput(definition(), path, false);
  }

  List<Slice.Files> cut(PartitionDefinition rule) {
    FileInput input = input();
    List<Slice.Files> slices = new ArrayList<>();
    input.cut(rule, input.examine()).forEachRemaining(slice -> slices.add((Slice.Files) slice));
    return slices;
  }

  static PartitionDefinition single() {
    return new PartitionDefinition.Single();
  }

  static PartitionDefinition bytes(long size) {
    return new PartitionDefinition.Bytes(size, null, 1);
  }

  static PartitionDefinition count(int count) {
    return new PartitionDefinition.Bytes(null, count, 1);
  }

  /** What became of every record, in order: the values of its row, or its error, with its line. */
  List<String> read(PartitionDefinition rule, int chunkSize) {
    FileInput input = input();
    List<FileFacts> facts = input.examine();
    List<String> read = new ArrayList<>();
    input
        .cut(rule, facts)
        .forEachRemaining(slice ->
            read.addAll(read(input.source((Slice.Files) slice, facts), chunkSize)));
    return read;
  }

  static List<String> read(ChunkSource<Row> source, int chunkSize) {
    List<String> read = new ArrayList<>();
    try (source) {
      source.open(null);
      while (true) {
        ReadChunk<Row> chunk = source.read(chunkSize, null);
        if (chunk == null) {
          return read;
        }
        assertThat(chunk.size()).isBetween(1, chunkSize);
        for (int i = 0; i < chunk.size(); i++) {
          read.add(chunk.line(i) + ": " + text(chunk, i));
        }
      }
    } catch (ItemError error) {
      read.add(error.getMessage());
      return read;
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  static String text(ReadChunk<Row> chunk, int index) {
    try {
      return values(chunk.item(index)).toString();
    } catch (ItemError error) {
      return error.getMessage();
    }
  }

  static List<@Nullable Object> values(Row row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < row.columns().size(); i++) {
      values.add(row.get(i));
    }
    return values;
  }

  @Override
  public void close() {
    try {
      Files.walkFileTree(path, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
            throws IOException {
          Files.delete(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
            throws IOException {
          Files.delete(folder);
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}

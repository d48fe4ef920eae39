package dev.tranche.reader;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.Compression;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.Slice;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Database;
import dev.tranche.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.database.JdbcPagingItemReader;
import org.springframework.batch.infrastructure.item.database.Order;
import org.springframework.batch.infrastructure.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.jdbc.core.JdbcTemplate;

/** The numbers from 0 on, to be read from every kind of source there is, as column {@code n}. */
final class Sources implements AutoCloseable {

  /** A reader. */
  enum Kind {
    CSV,
    FIXED,
    JSONL,
    JSON,
    GZIP,
    ZSTD,
    TABLE(TestDatabase.Kind.H2_MEMORY),
    QUERY(TestDatabase.Kind.H2_MEMORY),
    TABLE_OF_POSTGRESQL(TestDatabase.Kind.POSTGRESQL),
    TABLE_OF_MARIADB(TestDatabase.Kind.MARIADB),
    /** Spring Batch's reader of pages, as any bean is read. */
    BEAN(TestDatabase.Kind.H2_MEMORY);

    private final TestDatabase.@Nullable Kind database;

    Kind() {
      this(null);
    }

    Kind(TestDatabase.@Nullable Kind database) {
      this.database = database;
    }

    /** Whether going on costs all that is before, as it says of itself. */
    boolean isForwardOnly() {
      return this == GZIP || this == ZSTD;
    }
  }

  private static final long MAX = 1 << 20;
  private static final Columns COLUMNS = new Columns(List.of(new Column("n", ColumnType.LONG)));
  private static final ColumnDefinition N = new ColumnDefinition(null, ColumnType.LONG, null, null);

  private final Kind kind;
  private final CsvFolder folder = new CsvFolder();
  private final AtomicLong mapped = new AtomicLong();
  private final TestDatabase databases;

  Sources(Kind kind, int items) {
    this.kind = kind;
    this.databases =
        new TestDatabase(
            Objects.requireNonNullElse(kind.database, TestDatabase.Kind.H2_MEMORY));
    if (kind.database != null) {
      create(items);
      return;
    }
    switch (kind) {
      case CSV -> folder.with("a.csv", "n\n" + lines(items, "%d\n"));
      case FIXED -> folder.with("a.txt", lines(items, "%8d\n"));
      case JSONL -> folder.with("a.jsonl", lines(items, "{\"n\": %d}\n"));
      case JSON -> folder.with("a.json", lines(items, "{\"n\": %d},\n").replaceFirst("^", "[\n")
          .replaceFirst(",\n$", "\n]\n"));
      case GZIP -> folder.with("a.csv.gz", gzip("n\n" + lines(items, "%d\n")));
      case ZSTD ->
        folder.with("a.csv.zst", packed(Compression.ZSTD, "n\n" + lines(items, "%d\n")));
      default -> throw new IllegalArgumentException();
    }
  }

  private void create(int items) {
    JdbcTemplate sql = new JdbcTemplate(database().dataSource());
    sql.execute("create table numbers (n bigint not null primary key)");
    String numbers = switch (databases.kind()) {
      case POSTGRESQL -> "select n from generate_series(0, ?) n";
      case MARIADB -> "select seq from seq_0_to_1000000 where seq <= ?";
      default -> "select x from system_range(0, ?)";
    };
    sql.update("insert into numbers " + numbers, items - 1);
  }

  private static String lines(int items, String format) {
    return IntStream.range(0, items).mapToObj(format::formatted).collect(Collectors.joining());
  }

  static byte[] gzip(String text) {
    return packed(Compression.GZIP, text);
  }

  static byte[] packed(Compression compression, String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream stream = compression.to(bytes)) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return bytes.toByteArray();
  }

  private Database database() {
    return databases.empty("source");
  }

  /** All of it, not opened yet. */
  @SuppressWarnings("unchecked") // rows are objects
  ChunkSource<Row> source() {
    if (kind == Kind.BEAN) {
      mapped.set(0);
      return (ChunkSource<Row>)
          (ChunkSource<?>) new BeanSource("numbers", bean(), true, Map.of());
    }
    if (kind.database != null) {
      String query = kind == Kind.QUERY ? "select n from numbers" : null;
      TableInput table =
          TableInput.find(
              new ReadDefinition.Jdbc(
                  null, query == null ? "numbers" : null, query, List.of("n"), List.of()),
              database());
      return table.source(table.cut(new PartitionDefinition.Single()).get(0));
    }
    FileInput input = new FileInput(files(), folder.path, false);
    List<FileFacts> facts = input.examine();
    return input.source((Slice.Files) input.whole(facts), facts);
  }

  private ReadDefinition.InFiles files() {
    return switch (kind) {
      case CSV, GZIP, ZSTD -> folder.files("a.csv*").column("n", N).definition();
      case FIXED ->
        new ReadDefinition.Fixed(
            List.of("a.txt"),
            Map.of("n", new ColumnDefinition(null, ColumnType.LONG, null, null, 1, 8)),
            StandardCharsets.UTF_8,
            List.of(""),
            MAX);
      case JSONL -> new ReadDefinition.Jsonl(List.of("*.jsonl"), Map.of("n", N), List.of(), MAX);
      case JSON -> new ReadDefinition.Json(List.of("*.json"), Map.of("n", N), List.of(), MAX);
      default -> throw new IllegalArgumentException();
    };
  }

  private JdbcPagingItemReader<Row> bean() {
    try {
      JdbcPagingItemReader<Row> reader =
          new JdbcPagingItemReaderBuilder<Row>()
              .name("numbers")
              .dataSource(database().dataSource())
              .selectClause("n")
              .fromClause("numbers")
              .sortKeys(Map.of("n", Order.ASCENDING))
              .pageSize(100)
              .rowMapper((row, number) -> row(row.getLong(1)))
              .build();
      reader.afterPropertiesSet();
      return reader;
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  private Row row(long n) {
    mapped.incrementAndGet();
    return new Row(COLUMNS, new Object[] {n});
  }

  /** Bytes or rows that were read so far. */
  long work(ChunkSource<Row> source) {
    if (kind == Kind.BEAN) {
      return mapped.get();
    }
    return source instanceof TableSource table
        ? table.rowsFetched()
        : ((FileSource) source).bytesRead();
  }

  /** The most that one buffer, or one page, holds. */
  long buffer() {
    return kind.database != null ? 100 : 1 << 16;
  }

  @Override
  public void close() throws Exception {
    folder.close();
    databases.close();
  }
}

package dev.tranche.writer;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.partition.Compression;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Database;
import dev.tranche.store.PartitionKey;
import dev.tranche.testing.MortalProcess;
import dev.tranche.testing.TemporaryFolder;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;

/** The same rows for every kind of writer, and what each of them is to make of them. */
final class Writers implements AutoCloseable {

  /** A name that would end a statement, if it were not quoted. */
  private static final String V = "v\"; drop table y; --";

  static final Columns COLUMNS = TargetFixture.columns("id:long", V + ":string");

  enum Kind {
    INSERT,
    UPSERT,
    /** An upsert of large chunks, which PostgreSQL gets in another form. */
    GATHERED,
    REPLACE,
    UPDATE,
    DELETE,
    CSV,
    JSONL;

    /** Not, where it is refused, or nothing but what others are there already. */
    boolean isFor(TestDatabase.Kind product) {
      return switch (this) {
        case GATHERED -> product == TestDatabase.Kind.POSTGRESQL;
        case REPLACE, JSONL -> product != TestDatabase.Kind.MARIADB;
        default -> true;
      };
    }

    boolean isFile() {
      return this == CSV || this == JSONL;
    }

    /** Whether nothing of it is to be seen before all of it is. */
    boolean isPublished() {
      return isFile() || this == REPLACE;
    }
  }

  /** One life of a process that writes: what it opens is its own. */
  interface Life {
    void prepare() throws Exception;

    ChunkTarget<Object> target(PartitionKey partition) throws Exception;

    @Nullable Publication publication(String layout) throws Exception;
  }

  final int partitions;

  /** Of each partition. */
  final int rows;

  private final Kind kind;
  private final TestDatabase databases;
  private final JdbcTemplate sql;
  private final Path base;
  private List<String> before = List.of();

  Writers(Kind kind, TestDatabase databases) throws IOException {
    this.kind = kind;
    this.partitions = kind.isPublished() ? 2 : 1;
    this.rows = kind.isPublished() ? 3 : 5;
    this.databases = databases;
    this.sql = new JdbcTemplate(database().dataSource());
    this.base = TemporaryFolder.create("writers");
    String v = databases.quoted(V);
    sql.execute("create table y (id bigint)");
    String key = kind == Kind.INSERT ? "" : " primary key";
    sql.execute("create table t (id bigint not null" + key + ", " + v + " varchar(20) not null)");
  }

  Database database() {
    return databases.target();
  }

  /** What is there before the rows are: the first half of them, or all, and one of somebody else. */
  void begin() throws IOException {
    FileSystemUtils.deleteRecursively(base);
    Files.createDirectories(base);
    sql.execute("delete from t");
    List<Long> there = switch (kind) {
      case INSERT, CSV, JSONL -> List.of();
      case UPSERT, GATHERED -> ids().limit(rows / 2).boxed().toList();
      case REPLACE, UPDATE, DELETE -> ids().boxed().toList();
    };
    there.forEach(id -> sql.update("insert into t values (?, 'old')", id));
    sql.update("insert into t values (999, 'other')");
    before = found();
  }

  /** Whether nothing of it is to be seen before all of it is. */
  boolean isPublished() {
    return kind.isPublished();
  }

  /** Whether nothing of the rows is to be seen yet, or all of them. */
  boolean isWhole() throws IOException {
    List<String> found = found();
    return found.equals(before) || found.containsAll(expected());
  }

  private LongStream ids() {
    return LongStream.rangeClosed(1, partitions)
        .flatMap(partition -> LongStream.rangeClosed(1, rows).map(n -> id(partition, n)));
  }

  private static long id(long partition, long n) {
    return 100 * partition + n;
  }

  /** What is written for a row of {@link Rows}. */
  static Row row(Object made) {
    Row row = (Row) made;
    long n = (Long) row.get("n");
    return TargetFixture.row(COLUMNS, id((Long) row.get("partition"), n), "row " + n);
  }

  List<String> expected() {
    List<String> expected = new ArrayList<>(
        kind == Kind.DELETE
            ? List.of()
            : ids().mapToObj(id -> shown(id, "row " + id % 100)).toList());
    if (kind.isFile()) {
      expected.addAll(kind == Kind.CSV ? List.of("id,\"v\"\"; drop table y; --\"") : List.of());
    } else if (kind != Kind.REPLACE) {
      expected.add(shown(999, "other"));
    }
    return expected;
  }

  List<String> found() throws IOException {
    if (kind.isFile()) {
      Path file = base.resolve("out");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
    return sql.query("select * from t order by 1", (row, n) -> shown(row.getLong(1), row.getString(2)));
  }

  private String shown(long id, String v) {
    return kind == Kind.JSONL
        ? "{\"id\":" + id + ",\"v\\\"; drop table y; --\":\"" + v + "\"}"
        : id + "," + v;
  }

  /** What should be gone in the end. */
  List<String> left() throws IOException {
    List<String> left = new ArrayList<>(
        sql.queryForList(
            "select TABLE_NAME from INFORMATION_SCHEMA.TABLES where TABLE_NAME like"
                + " 'tranche_staging_%'",
            String.class));
    if (sql.queryForList("select id from y").size() > 0) {
      left.add("rows of y");
    }
    try (Stream<Path> files = Files.list(base)) {
      files.map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.equals("out"))
          .forEach(left::add);
    }
    return left;
  }

  Life life(MortalProcess process) throws Exception {
    Database mortal = new Database("target", process.on(database().dataSource()));
    return kind.isFile() ? new InFile(mortal, process) : new InTable(mortal);
  }

  private final class InTable implements Life {

    private final JdbcWriting writing;

    private InTable(Database mortal) {
      boolean large = kind == Kind.GATHERED;
      Jdbc.Mode mode = large ? Jdbc.Mode.UPSERT : Jdbc.Mode.valueOf(kind.name());
      List<String> key = mode.isKeyed() ? List.of("id") : List.of();
      Jdbc definition = new Jdbc("target", "t", mode, key, false, Map.of());
      int chunk = large ? 10_000 : 1;
      writing = new JdbcWriting(definition, mortal, COLUMNS, null, chunk, chunk);
    }

    @Override
    public void prepare() throws Exception {
      writing.prepare();
    }

    @Override
    public ChunkTarget<Object> target(PartitionKey partition) {
      return writing.target(partition);
    }

    @Override
    public @Nullable Publication publication(String layout) {
      return writing.publication(layout);
    }
  }

  private final class InFile implements Life {

    private final Database mortal;
    private final Disk disk;
    private final FinalFile file;
    private final TextBytes text = new TextBytes(Rows.CSV.charset());
    private final Supplier<RowEncoder> encoder;

    private InFile(Database mortal, MortalProcess process) throws UnfitTableException {
      this.mortal = mortal;
      this.disk = new MortalDisk(process, 0);
      this.file = FinalFile.of(base, false, Rows.csv("out", WriteDefinition.Parts.JOIN));
      this.encoder = kind == Kind.CSV
          ? () -> new CsvEncoder(Rows.CSV, COLUMNS.names(), text)
          : () -> new JsonEncoder(COLUMNS.names());
    }

    @Override
    public void prepare() {}

    @Override
    public ChunkTarget<Object> target(PartitionKey partition) {
      SegmentSink sink =
          new SegmentSink(
              partition,
              file.segments(partition.layout()),
              encoder.get(),
              new Packing(Compression.NONE),
              disk);
      return new TransactionalTarget<>(mortal, partition, sink, null);
    }

    @Override
    public Publication publication(String layout) {
      byte[] header = kind == Kind.CSV
          ? new CsvEncoder(Rows.CSV, COLUMNS.names(), text).header(COLUMNS.names())
          : new byte[0];
      return new FilePublication(mortal, file, layout, "", header, false, disk);
    }
  }

  @Override
  public void close() throws IOException {
    FileSystemUtils.deleteRecursively(base);
    sql.execute("drop table t");
    sql.execute("drop table y");
  }
}

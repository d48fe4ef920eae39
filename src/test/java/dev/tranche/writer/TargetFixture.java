package dev.tranche.writer;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.ChunkTarget.Commit;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Fence;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Position;
import dev.tranche.store.Reject;
import dev.tranche.store.Rejects;
import dev.tranche.store.Tally;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * One partition of a load into a database: commits chunks, and looks at what is there afterwards.
 * Closing it closes its targets.
 */
final class TargetFixture implements AutoCloseable {

  final Database database;
  final JdbcTemplate sql;
  final PartitionKey partition = new PartitionKey(UUID.randomUUID().toString(), 1);
  private final List<ChunkTarget<Object>> targets = new ArrayList<>();

  TargetFixture(TestDatabase databases) {
    this.database = databases.target();
    this.sql = new JdbcTemplate(database.dataSource());
  }

  /** {@code "id:long"}, {@code "name:string"}, … */
  static Columns columns(String... columns) {
    return new Columns(List.of(columns).stream()
        .map(text -> text.split(":"))
        .map(part -> new Column(part[0], ColumnType.valueOf(part[1].toUpperCase())))
        .toList());
  }

  static Row row(Columns columns, @Nullable Object... values) {
    return new Row(columns, values);
  }

  static Jdbc insert(String table) {
    return new Jdbc("target", table, Jdbc.Mode.INSERT, List.of(), false, Map.of());
  }

  static Jdbc insertInto(String table, String... key) {
    return new Jdbc("target", table, Jdbc.Mode.INSERT, List.of(key), true, Map.of());
  }

  static Jdbc upsert(String table, String... key) {
    return new Jdbc("target", table, Jdbc.Mode.UPSERT, List.of(key), false, Map.of());
  }

  /** Sizes of chunks, one for each form of statements that an upsert has in a database. */
  static int[] forms(TestDatabase databases) {
    return databases.kind() == TestDatabase.Kind.POSTGRESQL
        ? new int[] {1, 10_000}
        : new int[] {1};
  }

  static void load(TargetFixture world, Jdbc definition, Columns columns, Row... rows)
      throws Exception {
    JdbcWriting writing = new JdbcWriting(definition, world.database, columns, null);
    writing.prepare();
    load(world, writing, rows);
  }

  static void load(TargetFixture world, JdbcWriting writing, Row... rows) throws Exception {
    try (ChunkTarget<Object> target = writing.target(world.partition)) {
      Claim claim = target.claim(0, false);
      target.commit(world.commit(claim, (Object[]) rows));
    }
  }

  ChunkTarget<Object> opened(ChunkTarget<Object> target) {
    targets.add(target);
    return target;
  }

  /** A commit of {@code items} on top of {@code claim}. */
  Commit<Object> commit(Claim claim, Object... items) {
    return commit(claim.fence(), claim.checkpoint().tally(), List.of(), items);
  }

  Commit<Object> commit(Fence fence, Tally before, List<Reject> rejects, Object... items) {
    long read = items.length + rejects.size();
    Tally tally = before.plus(new Tally(read, items.length, 0, 0, rejects.size(), 0));
    Position position = new Position("at " + tally.read(), tally.read(), 0);
    Checkpoint next = new Checkpoint(position, Digest.NONE, List.of(), tally, false);
    long[] keys = LongStream.range(before.read(), before.read() + items.length).toArray();
    return new Commit<>(fence, next, rejects, List.of(items), keys);
  }

  static Reject reject(long ordinal) {
    return new Reject(ordinal, "process", "a.csv", ordinal + 1, 0, null, "text", "X", "bad", "f");
  }

  /** Rejects of another layout; returns their ids. */
  List<Long> rejected(int count) throws SQLException {
    String layout = UUID.randomUUID().toString();
    Rejects rejects = new Rejects(database.platform());
    try (Connection connection = database.connect()) {
      List<Reject> all = LongStream.range(0, count).mapToObj(TargetFixture::reject).toList();
      rejects.insert(connection, new PartitionKey(layout, 1), all);
      connection.commit();
      return rejects.find(connection, layout, 0, count).stream().map(Rejects.Stored::id).toList();
    }
  }

  /** Who ran the rejects again, in their order. */
  List<Long> takenBy() {
    return sql.queryForList(
        "select TAKEN_BY from TRANCHE_REJECT order by REJECT_ID", Long.class);
  }

  /** The checkpoint as another session sees it. */
  Claim stored() {
    try (Connection connection = database.connect()) {
      return new Checkpoints(database.platform())
          .find(connection, partition.layout(), List.of(1))
          .get(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Somebody else takes the partition. */
  void supersede() {
    try (Connection connection = database.connect()) {
      new Checkpoints(database.platform()).raise(connection, partition, 0);
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  long rejects() {
    return count("TRANCHE_REJECT");
  }

  long count(String table) {
    Long count = sql.queryForObject("select count(*) from " + table, Long.class);
    return count == null ? 0 : count;
  }

  @Override
  public void close() {
    targets.forEach(ChunkTarget::close);
  }
}

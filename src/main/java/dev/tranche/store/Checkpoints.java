package dev.tranche.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The table TRANCHE_CHECKPOINT of one target database: how far each partition is, and the fence.
 *
 * <p>Every method works on the connection it is given, in the transaction that is open there, and
 * leaves the commit to its caller. Safe for all threads.
 */
public final class Checkpoints {

  private static final String START = CheckpointJson.write(Checkpoint.START);
  private static final String THE_ROW = " where LAYOUT = ? and PARTITION_NUMBER = ?";
  private static final String UNDER_FENCE = THE_ROW + " and OWNER = ? and SEQ = ?";
  private static final String ADVANCE =
      "update TRANCHE_CHECKPOINT set SEQ = SEQ + 1, PROGRESS = ?, "
          + Tallies.ASSIGNED
          + ", COMPLETE = ?"
          + UNDER_FENCE;
  private static final String HOLDS = "select 1 from TRANCHE_CHECKPOINT" + UNDER_FENCE;
  private static final String RAISE =
      "update TRANCHE_CHECKPOINT set OWNER = greatest(OWNER, ?) + 1" + THE_ROW;
  private static final String OWNER = "select OWNER from TRANCHE_CHECKPOINT" + THE_ROW;
  private static final String FIND =
      "select PARTITION_NUMBER, OWNER, SEQ, PROGRESS, "
          + Tallies.COLUMNS
          + ", COMPLETE from TRANCHE_CHECKPOINT where LAYOUT = ?";
  private static final String COUNT_COMPLETE =
      "select count(*) from TRANCHE_CHECKPOINT where LAYOUT = ? and COMPLETE = true"
          + " and PARTITION_NUMBER > 0";
  private static final String TALLY =
      "select " + Tallies.SUMS + " from TRANCHE_CHECKPOINT where LAYOUT = ?";

  private final Platform platform;
  private final String take;
  private final String insert;

  public Checkpoints(Platform platform) {
    this.platform = platform;
    this.take = "update TRANCHE_CHECKPOINT set OWNER = greatest(OWNER, ?) + 1, SESSION_ID = "
        + platform.sessionId()
        + THE_ROW;
    this.insert = platform.ifAbsent(
        "insert into TRANCHE_CHECKPOINT (SESSION_ID, OWNER, LAYOUT, PARTITION_NUMBER, SEQ,"
            + " PROGRESS, ITEMS_READ, ITEMS_WRITTEN, ITEMS_FILTERED, ITEMS_REJECTED, COMPLETE)"
            + " values ("
            + platform.sessionId()
            + ", ?, ?, ?, 0, ?, 0, 0, 0, 0, false)");
  }

  /**
   * The same for several partitions as the repository knows them, whose claims are in their order.
   * Of those that never ran, all are inserted at once.
   */
  public List<Claim> claim(Connection connection, List<PartitionState> found)
      throws SQLException, MissingCheckpointException {
    List<PartitionState> fresh = found.stream().filter(each -> each.owner() == 0).toList();
    Set<PartitionKey> inserted = insert(connection, fresh);
    List<Claim> claims = new ArrayList<>();
    for (PartitionState each : found) {
      claims.add(
          inserted.contains(each.key())
              ? new Claim(new Fence(each.key(), 1, 0), Checkpoint.START)
              : claim(connection, each.key(), each.owner(), each.owner() > 0));
    }
    return claims;
  }

  /**
   * Protocol 1b: inserts the checkpoint, or raises its owner to {@code max(owner, target's) + 1}.
   * Two statements. Waits for whoever has the checkpoint locked, so that what it returns is
   * committed; H2 gives up waiting with an error that {@link SqlErrors#isTransient} knows.
   *
   * @param owner the owner number that the repository knows
   * @param mustExist whether the repository says that the partition ran before: then a checkpoint
   *     that is missing was removed by somebody
   * @throws MissingCheckpointException if it must exist and does not
   */
  public Claim claim(Connection connection, PartitionKey partition, long owner, boolean mustExist)
      throws SQLException, MissingCheckpointException {
    while (!raise(connection, take, partition, owner)) {
      if (mustExist) {
        throw new MissingCheckpointException(partition);
      }
      if (insert(connection, partition, owner + 1)) {
        return new Claim(new Fence(partition, owner + 1, 0), Checkpoint.START);
      }
      // Somebody inserted it after the update had looked: it is there to be raised now.
    }
    Claim claim =
        find(connection, partition.layout(), List.of(partition.number())).get(partition.number());
    if (claim == null) {
      throw new IllegalStateException(
          "checkpoint " + partition + " is gone while it is locked. This is a bug in tranche.");
    }
    return claim;
  }

  private boolean insert(Connection connection, PartitionKey partition, long owner)
      throws SQLException {
    try (PreparedStatement statement = platform.prepare(connection, insert)) {
      setNew(statement, partition, owner);
      return platform.insert(statement);
    }
  }

  /** Those of which it is certain that they are inserted. */
  private Set<PartitionKey> insert(Connection connection, List<PartitionState> fresh)
      throws SQLException {
    if (fresh.isEmpty()) {
      return Set.of();
    }
    try (PreparedStatement statement = platform.prepare(connection, insert)) {
      boolean[] inserted =
          platform.insertAll(
              statement, fresh.size(), i -> setNew(statement, fresh.get(i).key(), 1));
      return IntStream.range(0, inserted.length)
          .filter(i -> inserted[i])
          .mapToObj(i -> fresh.get(i).key())
          .collect(Collectors.toSet());
    }
  }

  private static void setNew(PreparedStatement statement, PartitionKey partition, long owner)
      throws SQLException {
    statement.setLong(1, owner);
    key(statement, 2, partition);
    statement.setString(4, START);
  }

  private static boolean raise(
      Connection connection, String update, PartitionKey partition, long owner)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(update)) {
      statement.setLong(1, owner);
      key(statement, 2, partition);
      return statement.executeUpdate() == 1;
    }
  }

  /**
   * Protocol 2: the first statement of a chunk's transaction; locks the checkpoint and moves it on.
   *
   * @throws SupersededException if owner or seq are not the fence's any more
   */
  public void advance(Connection connection, Fence fence, Checkpoint next)
      throws SQLException, SupersededException {
    try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
      statement.setString(1, CheckpointJson.write(next));
      Tallies.set(statement, 2, next.tally());
      statement.setBoolean(2 + Tallies.SIZE, next.complete());
      fence(statement, 3 + Tallies.SIZE, fence);
      if (statement.executeUpdate() == 0) {
        throw new SupersededException(
            fence.partition(),
            "owner " + fence.owner() + " and seq " + fence.seq() + " are not the checkpoint's");
      }
    } catch (SQLException error) {
      if (platform.saysSuperseded(error)) {
        throw new SupersededException(fence.partition(), String.valueOf(error.getMessage()));
      }
      throw error;
    }
  }

  /** Whether {@code fence} holds: owner and seq are still those in the table. */
  public boolean holds(Connection connection, Fence fence) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(HOLDS)) {
      fence(statement, 1, fence);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /**
   * Raises the owner so that whoever owned it cannot commit any more; returns the new owner. Where
   * there is no checkpoint, nobody can commit, and none is made: a later claim must see that it is
   * missing.
   */
  public long raise(Connection connection, PartitionKey partition, long owner) throws SQLException {
    if (!raise(connection, RAISE, partition, owner)) {
      return owner + 1;
    }
    try (PreparedStatement statement = connection.prepareStatement(OWNER)) {
      key(statement, 1, partition);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /** Puts {@code next} in the place of the checkpoint found under {@code fence}, raising seq. */
  public void rewrite(Connection connection, Fence fence, Checkpoint next)
      throws SQLException, SupersededException {
    advance(connection, fence, next);
  }

  /** How many partitions of the layout are complete; its publishing is none of them. */
  public long countComplete(Connection connection, String layout) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNT_COMPLETE)) {
      statement.setString(1, layout);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /** The sum over all partitions of the layout. */
  public Tally tally(Connection connection, String layout) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TALLY)) {
      statement.setString(1, layout);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return Tallies.get(rows);
      }
    }
  }

  /** The checkpoints of the layout by partition number; only {@code numbers} if it is not null. */
  public Map<Integer, Claim> find(
      Connection connection, String layout, @Nullable Collection<Integer> numbers)
      throws SQLException {
    Map<Integer, Claim> found = new TreeMap<>();
    for (Numbers some : Numbers.inPortions(numbers)) {
      try (PreparedStatement statement = connection.prepareStatement(FIND + some.condition())) {
        statement.setString(1, layout);
        some.set(statement, 2);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            Claim claim = claim(layout, rows);
            found.put(claim.fence().partition().number(), claim);
          }
        }
      }
    }
    return found;
  }

  private static Claim claim(String layout, ResultSet row) throws SQLException {
    PartitionKey partition = new PartitionKey(layout, row.getInt("PARTITION_NUMBER"));
    Checkpoint checkpoint = CheckpointJson.read(
        row.getString("PROGRESS"), Tallies.get(row), row.getBoolean("COMPLETE"));
    return new Claim(new Fence(partition, row.getLong("OWNER"), row.getLong("SEQ")), checkpoint);
  }

  private static void fence(PreparedStatement statement, int from, Fence fence)
      throws SQLException {
    key(statement, from, fence.partition());
    statement.setLong(from + 2, fence.owner());
    statement.setLong(from + 3, fence.seq());
  }

  private static void key(PreparedStatement statement, int from, PartitionKey partition)
      throws SQLException {
    statement.setString(from, partition.layout());
    statement.setInt(from + 1, partition.number());
  }
}

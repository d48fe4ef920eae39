package dev.tranche.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables TRANCHE_STEP and TRANCHE_PARTITION of the job repository's database.
 *
 * <p>Every method is a transaction of its own. Safe for all threads.
 */
public final class Layouts {

  private static final int BATCH = 1000;
  private static final String STEPS =
      "select JOB_INSTANCE_ID, STEP_NAME, LAYOUT, PHASE, PARTITIONS, PLACEHOLDERS, FILES, TARGET,"
          + " DEFINITION from TRANCHE_STEP where JOB_INSTANCE_ID = ?";
  private static final String INSERT_STEP =
      "insert into TRANCHE_STEP (JOB_INSTANCE_ID, STEP_NAME, LAYOUT, PHASE, PARTITIONS,"
          + " PLACEHOLDERS, FILES, TARGET, DEFINITION) values (?, ?, ?, ?, 0, ?, ?, ?, ?)";
  private static final String INSERT_PARTITION =
      "insert into TRANCHE_PARTITION (LAYOUT, PARTITION_NUMBER, SLICE, ESTIMATE, STATUS, ATTEMPTS,"
          + " OWNER, EXECUTION_ID, ITEMS_READ, ITEMS_WRITTEN, ITEMS_FILTERED, ITEMS_REJECTED)"
          + " values (?, ?, ?, ?, 'STARTING', 0, 0, 0, 0, 0, 0, 0)";
  private static final String ENDED =
      "update TRANCHE_PARTITION set STATUS = ?, FAILURE = ?, "
          + Tallies.ASSIGNED
          + " where LAYOUT = ? and PARTITION_NUMBER = ? and OWNER = ?";

  /** Not after its end: what comes late must not put an old tally in the place of the last one. */
  private static final String PROGRESS =
      "update TRANCHE_PARTITION set "
          + Tallies.ASSIGNED
          + " where LAYOUT = ? and PARTITION_NUMBER = ? and OWNER = ?"
          + " and STATUS = 'STARTED'";

  private static final String EXTENT =
      "select count(*) PARTITIONS,"
          + " coalesce(sum(case when DONE then 1 else 0 end), 0) COMPLETE,"
          + " coalesce(sum(ESTIMATE), 0) ESTIMATE,"
          + " coalesce(sum(case when DONE then ESTIMATE else 0 end), 0) ESTIMATE_COMPLETE, "
          + Tallies.SUMS
          + " from TRANCHE_PARTITION where LAYOUT = ?";

  private final Database repository;

  public Layouts(Database repository) {
    this.repository = repository;
  }

  /** The frozen state of a step, if it was ever started. */
  public Optional<StepState> find(long jobInstance, String step) {
    Sql find = new Sql(STEPS + " and STEP_NAME = ?", jobInstance, step);
    return repository.transact(
        "find step '" + step + "' of job instance " + jobInstance,
        (connection, platform) -> find.first(connection, Layouts::step));
  }

  /** All steps of an instance, in the order they were first started. */
  public List<StepState> find(long jobInstance) {
    Sql find = new Sql(STEPS + " order by STEP_ID", jobInstance);
    return repository.transact(
        "find the steps of job instance " + jobInstance,
        (connection, platform) -> find.all(connection, Layouts::step));
  }

  /** A partition about to be laid out. */
  public record NewPartition(String slice, long estimate) {}

  /**
   * Stores a layout whole or not at all, streaming its partitions, which are numbered from 1 as
   * they come.
   *
   * @return the state as stored, with the count of partitions filled in
   */
  public StepState create(StepState step, Iterator<NewPartition> partitions) {
    return repository.transact(
        "store the layout of step '" + step.step() + "'", (connection, platform) -> {
          insert(step).update(connection);
          int count = insert(connection, step.layout(), partitions);
          new Sql("update TRANCHE_STEP set PARTITIONS = ? where LAYOUT = ?", count, step.layout())
              .update(connection);
          return new StepState(
              step.jobInstance(),
              step.step(),
              step.layout(),
              step.phase(),
              count,
              step.placeholders(),
              step.files(),
              step.target(),
              step.definition());
        });
  }

  /** How far a step is; one that is DONE stays so, whoever wakes up late. */
  public void phase(String layout, StepState.Phase phase) {
    Sql update =
        new Sql(
            "update TRANCHE_STEP set PHASE = ? where LAYOUT = ? and PHASE <> ?",
            phase.name(),
            layout,
            StepState.Phase.DONE.name());
    repository.transact(
        "store the phase of a step", (connection, platform) -> update.update(connection));
  }

  /** The step goes by another version of its definition from now on. */
  public void definition(String layout, String version) {
    Sql update = new Sql("update TRANCHE_STEP set DEFINITION = ? where LAYOUT = ?", version, layout);
    repository.transact(
        "store the definition of a step", (connection, platform) -> update.update(connection));
  }

  /** What a claimer does in the target while the partition's row is locked: protocol 1b. */
  @FunctionalInterface
  public interface TargetClaim {
    Claim claim(PartitionState found) throws Exception;
  }

  /** The same for several partitions, in one transaction; the claims are in their order. */
  @FunctionalInterface
  public interface TargetClaims {
    List<Claim> claim(List<PartitionState> found) throws Exception;
  }

  /**
   * A partition that is claimed now.
   *
   * @param before as it was found
   */
  public record Claimed(PartitionState partition, Claim claim, PartitionState before) {}

  /** Claims one partition, the largest. */
  public Optional<Claimed> claim(
      String layout,
      long execution,
      String process,
      @Nullable Collection<Integer> only,
      TargetClaim target)
      throws Exception {
    return claim(layout, execution, process, only, 1, one(target)).stream().findFirst();
  }

  private static TargetClaims one(TargetClaim target) {
    return found -> List.of(target.claim(found.get(0)));
  }

  /**
   * Protocol 1: locks the largest partitions that are not COMPLETED and were not yet claimed by
   * {@code execution} (skipping rows that others hold locked), claims them in the target, and stores
   * owner, STARTED and {@code execution}. Two statements here, besides the target's. While another
   * execution or process runs the instance there is nothing to claim, so that a zombie that wakes
   * up takes nothing away from its successor.
   *
   * <p>{@code target} works on a connection of its own while this one's transaction is open. Have it
   * open before: if many threads take their second connection in here, an exhausted pool leaves all
   * of them waiting.
   *
   * @param only the numbers that may be claimed; null: all
   * @param process the id of the living process, of TRANCHE_PROCESS
   * @param most how many are claimed at once, if there are so many
   * @return the largest first; empty if none is left to claim
   * @throws Exception what {@code target} throws; the rows are then as they were
   */
  public List<Claimed> claim(
      String layout,
      long execution,
      String process,
      @Nullable Collection<Integer> only,
      int most,
      TargetClaims target)
      throws Exception {
    return this.<List<Claimed>>transact("claim a partition", (connection, platform) -> {
      List<PartitionState> free =
          PartitionRows.lockFree(connection, platform, layout, execution, process, only, most);
      return free.isEmpty()
          ? List.of()
          : claim(connection, free, execution, process, 1, target);
    });
  }

  /**
   * Claims again a partition that {@code execution} claimed on {@code process}: for going on after
   * an unknown outcome or an outage.
   *
   * @throws SupersededException if others claimed or settled it in the meantime
   * @throws Exception what {@code target} throws; the row is then as it was
   */
  public Claimed reclaim(PartitionKey key, long execution, String process, TargetClaim target)
      throws Exception {
    return transact("claim partition " + key.name() + " again", (connection, platform) -> {
      PartitionState held = PartitionRows.lock(connection, key, execution, process)
          .orElseThrow(() ->
              new SupersededException(key, "execution " + execution + " does not run it any more"));
      return claim(connection, List.of(held), execution, process, 0, one(target)).get(0);
    });
  }

  /**
   * Makes partitions what they were before they were claimed, since nobody began with them. They keep
   * their new owner, which their checkpoints have too. Nothing happens to those that somebody else
   * has by now.
   */
  public void giveBack(List<Claimed> claimed) {
    List<Sql> updates =
        claimed.stream()
            .sorted(Comparator.comparing(each -> each.partition().key().number()))
            .map(PartitionRows::givenBack)
            .toList();
    repository.transact(
        "give partitions back", (connection, platform) -> Sql.updateAll(connection, updates));
  }

  /** How an attempt ended; nothing happens if {@code owner} is not the stored one any more. */
  public void ended(
      PartitionKey key,
      long owner,
      PartitionState.Status status,
      Tally tally,
      @Nullable String failure) {
    ended(List.of(new Ended(key, owner, status, tally, failure)));
  }

  /** How an attempt ended. */
  public record Ended(
      PartitionKey key,
      long owner,
      PartitionState.Status status,
      Tally tally,
      @Nullable String failure) {

    private Sql update() {
      return new Sql(ENDED, status.name(), failure, tally, key.layout(), key.number(), owner);
    }
  }

  /** How attempts at partitions of one layout ended; those that are not the owners any more, not. */
  public void ended(Collection<Ended> ended) {
    List<Sql> updates =
        ended.stream()
            .sorted(Comparator.comparing(each -> each.key().number()))
            .map(Ended::update)
            .toList();
    String which =
        ended.size() == 1
            ? "partition " + ended.iterator().next().key().name()
            : ended.size() + " partitions";
    repository.transact(
        "store the end of " + which,
        (connection, platform) -> Sql.updateAll(connection, updates));
  }

  /** Stores the tallies of running partitions, for lists; one batch. */
  public void progress(Collection<Progress> progress) {
    if (progress.isEmpty()) {
      return;
    }
    // In one order for all, so that two processes never wait for each other.
    List<Progress> ordered = progress.stream()
        .sorted(Comparator.comparing((Progress each) -> each.key().layout())
            .thenComparing(each -> each.key().number()))
        .toList();
    repository.transact("store the progress of partitions", (connection, platform) -> {
      try (PreparedStatement statement = connection.prepareStatement(PROGRESS)) {
        for (Progress each : ordered) {
          Tallies.set(statement, 1, each.tally());
          statement.setString(Tallies.SIZE + 1, each.key().layout());
          statement.setInt(Tallies.SIZE + 2, each.key().number());
          statement.setLong(Tallies.SIZE + 3, each.owner());
          statement.addBatch();
        }
        return statement.executeBatch();
      }
    });
  }

  /** The tally of a running attempt. */
  public record Progress(PartitionKey key, long owner, Tally tally) {}

  /** Partitions of a layout by number, {@code limit} at most, after number {@code after}. */
  public List<PartitionState> partitions(String layout, int after, int limit) {
    return partitions(
        " and PARTITION_NUMBER > ? order by PARTITION_NUMBER fetch first ? rows only",
        layout,
        after,
        limit);
  }

  /** Partitions of a layout that are in {@code status}. */
  public List<PartitionState> partitions(String layout, PartitionState.Status status) {
    return partitions(" and STATUS = ? order by PARTITION_NUMBER", layout, status.name());
  }

  /** How many partitions of a layout are in each status. */
  public Map<PartitionState.Status, Integer> counts(String layout) {
    Sql count = new Sql(
        "select STATUS, count(*) from TRANCHE_PARTITION where LAYOUT = ? group by STATUS", layout);
    Map<PartitionState.Status, Integer> counts = new EnumMap<>(PartitionState.Status.class);
    repository.transact(
        "count partitions",
        (connection, platform) -> count.all(
            connection,
            row -> counts.put(PartitionState.Status.valueOf(row.getString(1)), row.getInt(2))));
    return counts;
  }

  /**
   * How much there is of a layout, and how much of it is complete.
   *
   * @param estimate of all partitions
   * @param estimateComplete of the complete ones
   * @param tally as the repository knows it
   */
  public record Extent(
      int partitions, int complete, long estimate, long estimateComplete, Tally tally) {}

  /** One statement, however many partitions there are. */
  public Extent extent(String layout) {
    Sql sum = new Sql(EXTENT, layout);
    return repository.transact(
        "sum up partitions",
        (connection, platform) -> sum.first(connection, Layouts::extent).orElseThrow());
  }

  private static Extent extent(ResultSet row) throws SQLException {
    return new Extent(
        row.getInt("PARTITIONS"),
        row.getInt("COMPLETE"),
        row.getLong("ESTIMATE"),
        row.getLong("ESTIMATE_COMPLETE"),
        Tallies.get(row));
  }

  /** Stores slices that moved because their file was edited, and the new facts about the files. */
  public void moved(String layout, String files, Map<Integer, String> slices) {
    repository.transact("store slices that moved", (connection, platform) -> {
      new Sql("update TRANCHE_STEP set FILES = ? where LAYOUT = ?", files, layout)
          .update(connection);
      String move =
          "update TRANCHE_PARTITION set SLICE = ? where LAYOUT = ? and PARTITION_NUMBER = ?";
      try (PreparedStatement statement = connection.prepareStatement(move)) {
        for (Map.Entry<Integer, String> slice : new TreeMap<>(slices).entrySet()) {
          statement.setString(1, slice.getValue());
          statement.setString(2, layout);
          statement.setInt(3, slice.getKey());
          statement.addBatch();
        }
        return slices.isEmpty() ? new int[0] : statement.executeBatch();
      }
    });
  }

  private static Sql insert(StepState step) {
    return new Sql(
        INSERT_STEP,
        step.jobInstance(),
        step.step(),
        step.layout(),
        step.phase().name(),
        Placeholders.write(step.placeholders()),
        step.files(),
        step.target(),
        step.definition());
  }

  private static int insert(Connection connection, String layout, Iterator<NewPartition> partitions)
      throws SQLException {
    int number = 0;
    try (PreparedStatement statement = connection.prepareStatement(INSERT_PARTITION)) {
      while (partitions.hasNext()) {
        NewPartition partition = partitions.next();
        statement.setString(1, layout);
        statement.setInt(2, ++number);
        statement.setString(3, partition.slice());
        statement.setLong(4, partition.estimate());
        statement.addBatch();
        if (number % BATCH == 0 || !partitions.hasNext()) {
          statement.executeBatch();
        }
      }
    }
    return number;
  }

  /** Protocol 1b and 1c, with the rows of {@code found} locked. */
  private static List<Claimed> claim(
      Connection connection,
      List<PartitionState> found,
      long execution,
      String process,
      int attempts,
      TargetClaims target)
      throws Exception {
    List<Claim> claims;
    try {
      claims = target.claim(found);
    } catch (SQLException error) {
      throw new TargetFailure(error);
    }
    List<Claimed> claimed = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      claimed.add(claimed(found.get(i), claims.get(i), execution, attempts));
    }
    PartitionRows.started(connection, claimed, process);
    return claimed;
  }

  private static Claimed claimed(
      PartitionState found, Claim claim, long execution, int attempts) {
    PartitionState now = new PartitionState(
        found.key(),
        found.slice(),
        found.estimate(),
        PartitionState.Status.STARTED,
        found.attempts() + attempts,
        claim.fence().owner(),
        execution,
        claim.checkpoint().tally(),
        null);
    return new Claimed(now, claim, found);
  }

  private List<PartitionState> partitions(String rest, Object... parameters) {
    Sql find = new Sql(PartitionRows.SELECT + " where LAYOUT = ?" + rest, parameters);
    return repository.transact(
        "list partitions", (connection, platform) -> find.all(connection, PartitionRows::state));
  }

  /** Lets an error of the target out as it is: it is not the repository's. */
  private <T> T transact(String doing, Database.Work<T, Exception> work) throws Exception {
    try {
      return repository.transact(doing, work);
    } catch (TargetFailure failure) {
      throw failure.error;
    }
  }

  /** An error of the target on its way through the repository's transaction. */
  private static final class TargetFailure extends Exception {

    private static final long serialVersionUID = 1L;
    private final SQLException error;

    TargetFailure(SQLException error) {
      super(error);
      this.error = error;
    }
  }

  private static StepState step(ResultSet row) throws SQLException {
    return new StepState(
        row.getLong("JOB_INSTANCE_ID"),
        row.getString("STEP_NAME"),
        row.getString("LAYOUT"),
        StepState.Phase.valueOf(row.getString("PHASE")),
        row.getInt("PARTITIONS"),
        Placeholders.read(row.getString("PLACEHOLDERS")),
        row.getString("FILES"),
        row.getString("TARGET"),
        row.getString("DEFINITION"));
  }
}

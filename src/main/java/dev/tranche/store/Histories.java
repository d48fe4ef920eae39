package dev.tranche.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes job instances with all they left out of Spring Batch's tables and ours, a few in a transaction.
 *
 * <p>An instance is gone once Spring Batch's rows are. Its layouts are kept in TRANCHE_STEP until
 * their checkpoints and rejects are gone from the targets, too, so that a process that dies in between
 * leaves nothing that the next purge does not find. Safe for all threads.
 */
public final class Histories {

  private final Database repository;
  private final String prefix;

  /** @param prefix of Spring Batch's tables */
  public Histories(Database repository, String prefix) {
    this.repository = repository;
    this.prefix = prefix;
  }

  /** An instance that may go. @param execution its last one */
  public record Old(long instance, String job, long execution, long executions) {}

  /** A layout whose instance is gone. @param target the database of its checkpoints */
  public record Leftover(String layout, String target) {}

  /**
   * Instances whose last execution has that status, oldest first: but for the last {@code keep} of
   * each job, and those that ended at {@code before} or later.
   *
   * @param job of that job only, if it is not null
   */
  public List<Old> older(String status, LocalDateTime before, int keep, @Nullable String job) {
    String text =
        """
        select X.INSTANCE_ID, X.JOB_NAME, X.LAST_ID, X.EXECUTIONS from (
          select I.JOB_INSTANCE_ID as INSTANCE_ID, I.JOB_NAME as JOB_NAME, L.LAST_ID as LAST_ID,
                 L.EXECUTIONS as EXECUTIONS, E.END_TIME as END_TIME,
                 row_number() over (partition by I.JOB_NAME order by L.LAST_ID desc) as PLACE
            from (select JOB_INSTANCE_ID, max(JOB_EXECUTION_ID) as LAST_ID, count(*) as EXECUTIONS
                    from %sJOB_EXECUTION group by JOB_INSTANCE_ID) L
            join %sJOB_EXECUTION E on E.JOB_EXECUTION_ID = L.LAST_ID
            join %sJOB_INSTANCE I on I.JOB_INSTANCE_ID = L.JOB_INSTANCE_ID
           where E.STATUS = ?) X
         where X.PLACE > ? and X.END_TIME < ?
        """
        .replace("%s", prefix);
    Timestamp time = Timestamp.valueOf(before);
    String order = " order by X.LAST_ID";
    Sql sql = job == null
        ? new Sql(text + order, status, keep, time)
        : new Sql(text + " and X.JOB_NAME = ?" + order, status, keep, time, job);
    return repository.transact(
        "look for old executions",
        (connection, platform) -> sql.all(
            connection,
            row -> new Old(row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4))));
  }

  /** A step's layout. @param target the database of its checkpoints and rejects */
  public record Layout(long instance, String layout, String target) {}

  /** The layouts of instances. */
  public List<Layout> layoutsOf(List<Old> olds) {
    Sql sql = new Sql(
        "select JOB_INSTANCE_ID, LAYOUT, TARGET from TRANCHE_STEP where JOB_INSTANCE_ID in ("
            + marks(olds.size()) + ")",
        olds.stream().map(Old::instance).toArray());
    return repository.transact(
        "look for layouts",
        (connection, platform) ->
            sql.all(
                connection,
                row -> new Layout(row.getLong(1), row.getString(2), row.getString(3))));
  }

  /** How many rejects of instances nobody has run again; those without any are left out. */
  public static Map<Long, Long> openRejects(Database target, List<Layout> layouts) {
    Map<String, Long> open = target.transact(
        "count open rejects",
        (connection, platform) ->
            Rejects.open(connection, layouts.stream().map(Layout::layout).toList()));
    Map<Long, Long> counts = new TreeMap<>();
    for (Layout each : layouts) {
      if (open.containsKey(each.layout())) {
        counts.merge(each.instance(), open.get(each.layout()), Long::sum);
      }
    }
    return counts;
  }

  /**
   * Removes instances in one transaction, but for those that run, or ran since they were looked for.
   *
   * @return those that are gone
   */
  public List<Old> remove(List<Old> olds) {
    return repository.transact("remove old executions", (connection, platform) -> {
      List<Old> gone = still(connection, olds);
      if (!gone.isEmpty()) {
        remove(connection, gone);
      }
      return gone;
    });
  }

  /** Locks the instances, so that none of them can begin again meanwhile. */
  private List<Old> still(Connection connection, List<Old> olds) throws SQLException {
    List<Long> ids = olds.stream().map(Old::instance).sorted().toList();
    String among = " where JOB_INSTANCE_ID in (" + marks(ids.size()) + ")";
    Set<Long> known = new HashSet<>(
        new Sql(
                "select JOB_INSTANCE_ID from " + prefix + "JOB_INSTANCE" + among
                    + " order by JOB_INSTANCE_ID for update",
                ids.toArray())
            .all(connection, row -> row.getLong(1)));
    new Sql("select JOB_INSTANCE_ID from TRANCHE_RUN" + among + " and ACTIVE = true", ids.toArray())
        .all(connection, row -> row.getLong(1))
        .forEach(known::remove);
    Map<Long, Long> last = new TreeMap<>();
    new Sql(
            "select JOB_INSTANCE_ID, max(JOB_EXECUTION_ID) from " + prefix + "JOB_EXECUTION" + among
                + " group by JOB_INSTANCE_ID",
            ids.toArray())
        .all(connection, row -> last.put(row.getLong(1), row.getLong(2)));
    return olds.stream()
        .filter(old -> known.contains(old.instance()))
        .filter(old -> Long.valueOf(old.execution()).equals(last.get(old.instance())))
        .toList();
  }

  private void remove(Connection connection, List<Old> gone) throws SQLException {
    Object[] ids = gone.stream().map(Old::instance).toArray();
    String instances = " where JOB_INSTANCE_ID in (" + marks(ids.length) + ")";
    List<Long> executions = new Sql(
            "select JOB_EXECUTION_ID from " + prefix + "JOB_EXECUTION" + instances, ids)
        .all(connection, row -> row.getLong(1));
    Object[] of = executions.toArray();
    String among = " in (" + marks(of.length) + ")";
    List<Long> steps = new Sql(
            "select STEP_EXECUTION_ID from " + prefix + "STEP_EXECUTION where JOB_EXECUTION_ID"
                + among,
            of)
        .all(connection, row -> row.getLong(1));
    if (!steps.isEmpty()) {
      String ofSteps = " where STEP_EXECUTION_ID in (" + marks(steps.size()) + ")";
      delete(connection, prefix + "STEP_EXECUTION_CONTEXT" + ofSteps, steps.toArray());
      delete(connection, prefix + "STEP_EXECUTION" + ofSteps, steps.toArray());
    }
    delete(connection, prefix + "JOB_EXECUTION_CONTEXT where JOB_EXECUTION_ID" + among, of);
    delete(connection, prefix + "JOB_EXECUTION_PARAMS where JOB_EXECUTION_ID" + among, of);
    delete(connection, "TRANCHE_FIRE where EXECUTION_ID" + among, of);
    delete(connection, prefix + "JOB_EXECUTION" + instances, ids);
    delete(connection, "TRANCHE_RUN" + instances, ids);
    delete(connection, prefix + "JOB_INSTANCE" + instances, ids);
  }

  private static void delete(Connection connection, String from, Object... parameters)
      throws SQLException {
    new Sql("delete from " + from, parameters).update(connection);
  }

  private static String marks(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }

  /** Layouts whose instances are gone, some at a time. */
  public List<Leftover> leftovers(int limit) {
    Sql sql = new Sql(
        "select S.LAYOUT, S.TARGET from TRANCHE_STEP S where not exists (select 1 from " + prefix
            + "JOB_INSTANCE I where I.JOB_INSTANCE_ID = S.JOB_INSTANCE_ID)"
            + " order by S.STEP_ID fetch first " + limit + " rows only");
    return repository.transact(
        "look for layouts that are left over",
        (connection, platform) ->
            sql.all(connection, row -> new Leftover(row.getString(1), row.getString(2))));
  }

  /** Removes what layouts left in one target. */
  public static void clean(Database target, List<Leftover> leftovers) {
    Object[] layouts = layouts(leftovers);
    String among = " where LAYOUT in (" + marks(layouts.length) + ")";
    target.transact("remove old checkpoints", (connection, platform) -> {
      delete(connection, "TRANCHE_REJECT" + among, layouts);
      delete(connection, "TRANCHE_CHECKPOINT" + among, layouts);
      return layouts;
    });
  }

  /** Forgets layouts, once their targets are clean. */
  public void forget(List<Leftover> leftovers) {
    Object[] layouts = layouts(leftovers);
    String among = " where LAYOUT in (" + marks(layouts.length) + ")";
    repository.transact("remove old layouts", (connection, platform) -> {
      delete(connection, "TRANCHE_PARTITION" + among, layouts);
      delete(connection, "TRANCHE_STEP" + among, layouts);
      return layouts;
    });
  }

  private static Object[] layouts(List<Leftover> leftovers) {
    return new ArrayList<>(leftovers.stream().map(Leftover::layout).toList()).toArray();
  }

  /** Removes fires before {@code time} that did not become runs. */
  public void forgetFires(Instant time) {
    Sql sql = new Sql(
        "delete from TRANCHE_FIRE where STATE in ('SKIPPED', 'FAILED', 'RAN')"
            + " and EXECUTION_ID is null and FIRE_TIME < ?",
        time.toEpochMilli());
    repository.transact(
        "remove old fires", (connection, platform) -> sql.update(connection));
  }

  /** Removes what was noted before {@code time} of who did what. */
  public void forgetAudit(Instant time) {
    Sql sql = new Sql(
        "delete from TRANCHE_AUDIT where NOTED_AT < ?",
        LocalDateTime.ofInstant(time, ZoneOffset.UTC));
    repository.transact(
        "remove old audit entries", (connection, platform) -> sql.update(connection));
  }

  /**
   * Removes definitions that were stored before {@code time} and that no step goes by, but for the
   * newest of each job.
   */
  public void forgetDefinitions(Instant time) {
    Sql sql = new Sql(
        "delete from TRANCHE_DEFINITION where STORED_AT < ? and not exists (select 1 from"
            + " TRANCHE_STEP S where S.DEFINITION = TRANCHE_DEFINITION.VERSION) and exists (select 1"
            + " from TRANCHE_DEFINITION N where N.JOB_NAME = TRANCHE_DEFINITION.JOB_NAME"
            + " and N.STORED_AT > TRANCHE_DEFINITION.STORED_AT)",
        Timestamp.from(time));
    repository.transact(
        "remove old definitions", (connection, platform) -> sql.update(connection));
  }
}

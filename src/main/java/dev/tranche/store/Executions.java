package dev.tranche.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Spring Batch's own tables, read in a number of statements that does not grow with what they hold.
 *
 * <p>Only reads: rows are changed by the job repository alone. Safe for all threads.
 */
public final class Executions {

  private static final String EXECUTION =
      """
      select e.job_execution_id, e.job_instance_id, i.job_name, e.status, e.exit_code,
             e.exit_message, e.start_time, e.end_time
        from %sJOB_EXECUTION e join %sJOB_INSTANCE i on i.job_instance_id = e.job_instance_id
      """;

  private static final String STEP =
      """
      select s.job_execution_id, e.job_instance_id, s.step_name, s.status, s.exit_message,
             s.start_time, s.end_time, s.read_count + s.read_skip_count as items_read,
             s.write_count, s.filter_count, s.read_skip_count, s.process_skip_count,
             s.write_skip_count
        from %sSTEP_EXECUTION s join %sJOB_EXECUTION e on e.job_execution_id = s.job_execution_id
      """;

  private final JdbcClient jdbc;
  private final String prefix;

  /** @param prefix of Spring Batch's tables, {@code BATCH_} unless the application says else */
  public Executions(Database repository, String prefix) {
    if (!prefix.matches("[A-Za-z0-9_.]*")) {
      throw new IllegalArgumentException("'" + prefix + "' is no prefix of table names");
    }
    this.jdbc = JdbcClient.create(repository.dataSource());
    this.prefix = prefix;
  }

  /** A job execution. */
  public record Execution(
      long id,
      long instance,
      String job,
      String status,
      String exitCode,
      String exitMessage,
      @Nullable LocalDateTime started,
      @Nullable LocalDateTime ended) {

    /** Whether Spring Batch takes it for running. */
    public boolean isRunning() {
      return status.equals("STARTING") || status.equals("STARTED") || status.equals("STOPPING");
    }
  }

  /** A step execution; of a partitioned step or of one of its lanes. */
  public record Step(
      long execution,
      long instance,
      String name,
      String status,
      String exitMessage,
      @Nullable LocalDateTime started,
      @Nullable LocalDateTime ended,
      Tally tally) {}

  public Optional<Execution> find(long execution) {
    return jdbc.sql(prefixed(EXECUTION) + " where e.job_execution_id = ?")
        .param(execution)
        .query(Executions::execution)
        .optional();
  }

  /**
   * The newest executions, of {@code job} only if it is not null.
   *
   * @param before only those with a smaller id
   */
  public List<Execution> newest(@Nullable String job, long before, int limit) {
    String only = job == null ? "" : " and i.job_name = ?";
    JdbcClient.StatementSpec statement =
        jdbc.sql(
            prefixed(EXECUTION)
                + " where e.job_execution_id < ?"
                + only
                + " order by e.job_execution_id desc fetch first "
                + limit
                + " rows only")
            .param(before);
    return (job == null ? statement : statement.param(job)).query(Executions::execution).list();
  }

  /** All executions of an instance, newest first. */
  public List<Execution> ofInstance(long instance) {
    return jdbc.sql(
            prefixed(EXECUTION) + " where e.job_instance_id = ? order by e.job_execution_id desc")
        .param(instance)
        .query(Executions::execution)
        .list();
  }

  /** Executions that run the rejects of any of {@code executions} again, newest first. */
  public List<Execution> redrivesOf(Collection<Long> executions) {
    return jdbc.sql(
            prefixed(EXECUTION)
                + prefixed(
                    " where e.job_execution_id in (select p.job_execution_id"
                        + " from %sJOB_EXECUTION_PARAMS p where p.parameter_name = 'redrive.of'"
                        + " and p.parameter_value in (:ids)) order by e.job_execution_id desc"))
        .param("ids", executions.stream().map(String::valueOf).toList())
        .query(Executions::execution)
        .list();
  }

  /** Executions that Spring Batch takes for running, or does not know the end of. */
  public List<Execution> unsettled() {
    return jdbc.sql(
            prefixed(EXECUTION)
                + " where e.status in ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')"
                + " order by e.job_execution_id")
        .query(Executions::execution)
        .list();
  }

  /**
   * Executions that failed with {@code words} in what they say, and ended after {@code since} and not
   * after {@code until}; each the last of its instance.
   */
  public List<Execution> failed(String words, LocalDateTime since, LocalDateTime until) {
    return jdbc.sql(
            prefixed(EXECUTION)
                + prefixed(
                    """
                     where e.status = 'FAILED' and e.end_time > ? and e.end_time <= ?
                       and e.exit_message like ?
                       and not exists (select 1 from %sJOB_EXECUTION n
                             where n.job_instance_id = e.job_instance_id
                               and n.job_execution_id > e.job_execution_id)
                     order by e.job_execution_id
                    """))
        .params(since, until, "%" + words + "%")
        .query(Executions::execution)
        .list();
  }

  /**
   * Returns once nobody is about to commit a new step of an execution: a row that refers to another
   * holds a lock of that one until its transaction ends. For a transaction of the caller's.
   *
   * <p>H2 takes no such lock; but there the process that commits is the one that waits.
   */
  public void awaitNewSteps(long execution) {
    jdbc.sql(prefixed("select job_execution_id from %sJOB_EXECUTION")
            + " where job_execution_id = ? for update")
        .param(execution)
        .query(Long.class)
        .optional();
  }

  /** The status of each of {@code executions}. */
  public Map<Long, String> statuses(Collection<Long> executions) {
    Map<Long, String> statuses = new HashMap<>();
    if (!executions.isEmpty()) {
      jdbc.sql(
              prefixed("select job_execution_id, status from %sJOB_EXECUTION")
                  + " where job_execution_id in (:ids)")
          .param("ids", executions)
          .query(row -> {
            statuses.put(row.getLong(1), row.getString(2));
          });
    }
    return statuses;
  }

  /** Parameters of each of {@code executions}, by name, as text. */
  public Map<Long, Map<String, String>> parameters(Collection<Long> executions) {
    Map<Long, Map<String, String>> parameters = new HashMap<>();
    if (!executions.isEmpty()) {
      jdbc.sql(
              prefixed(
                      "select job_execution_id, parameter_name, parameter_value"
                          + " from %sJOB_EXECUTION_PARAMS")
                  + " where job_execution_id in (:ids) order by parameter_name")
          .param("ids", executions)
          .query(row -> {
            parameters
                .computeIfAbsent(row.getLong(1), id -> new LinkedHashMap<>())
                .put(row.getString(2), text(row.getString(3)));
          });
    }
    return parameters;
  }

  /** The step executions of all executions of {@code instances}, oldest first. */
  public List<Step> steps(Collection<Long> instances) {
    if (instances.isEmpty()) {
      return List.of();
    }
    return new ArrayList<>(
        jdbc.sql(
                prefixed(STEP)
                    + " where e.job_instance_id in (:ids) order by s.step_execution_id")
            .param("ids", instances)
            .query(Executions::step)
            .list());
  }

  /** The largest {@code run.id} that an instance of the job has; 0 if none has one. */
  public long lastRunId(String job) {
    return jdbc.sql(
            prefixed(
                """
                select coalesce(max(cast(p.parameter_value as decimal(19))), 0)
                  from %sJOB_EXECUTION_PARAMS p
                  join %sJOB_EXECUTION e on e.job_execution_id = p.job_execution_id
                  join %sJOB_INSTANCE i on i.job_instance_id = e.job_instance_id
                 where i.job_name = ? and p.parameter_name = 'run.id'
                   and p.parameter_type = 'java.lang.Long'
                """))
        .param(job)
        .query(Long.class)
        .single();
  }

  private String prefixed(String sql) {
    return sql.replace("%s", prefix);
  }

  private static Execution execution(ResultSet row, int number) throws SQLException {
    return new Execution(
        row.getLong(1),
        row.getLong(2),
        row.getString(3),
        row.getString(4),
        text(row.getString(5)),
        text(row.getString(6)),
        row.getObject(7, LocalDateTime.class),
        row.getObject(8, LocalDateTime.class));
  }

  private static Step step(ResultSet row, int number) throws SQLException {
    return new Step(
        row.getLong(1),
        row.getLong(2),
        row.getString(3),
        row.getString(4),
        text(row.getString(5)),
        row.getObject(6, LocalDateTime.class),
        row.getObject(7, LocalDateTime.class),
        new Tally(
            row.getLong(8),
            row.getLong(9),
            row.getLong(10),
            row.getLong(11),
            row.getLong(12),
            row.getLong(13)));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}

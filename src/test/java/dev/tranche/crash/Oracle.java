package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges what is in the databases by what was in the files. */
final class Oracle {

  private static final Pattern NUMBER = Pattern.compile("\\d{7}");
  private static final String RUNNING =
      "status in ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN') or end_time is null";

  private final Orders orders;
  private final Site site;
  private final Target target;

  Oracle(Orders orders, Site site, Target target) {
    this.orders = orders;
    this.site = site;
    this.target = target;
  }

  /** A job that is COMPLETED has left exactly this. */
  void assertComplete() throws Exception {
    assertRows();
    try (Connection checkpoints = site.target();
        Connection repository = site.repository()) {
      assertRejects(checkpoints);
      assertTally(checkpoints, repository);
      assertSettled(repository);
    }
  }

  private void assertRows() throws Exception {
    List<String> missing = new ArrayList<>(orders.written());
    List<String> more = new ArrayList<>();
    Map<String, Integer> left = new HashMap<>();
    orders.written().forEach(row -> left.merge(row, 1, Integer::sum));
    for (String row : target.rows()) {
      if (left.merge(row, -1, Integer::sum) < 0) {
        more.add(row);
      }
    }
    missing.removeIf(row -> left.getOrDefault(row, 0) <= 0);
    assertThat(missing).as("rows that are lost").isEmpty();
    assertThat(more).as("rows that are doubled, or are none of the input").isEmpty();
  }

  private void assertRejects(Connection checkpoints) throws SQLException {
    List<Long> rejected = new ArrayList<>();
    for (String original : Texts.of(checkpoints, "select original from TRANCHE_REJECT")) {
      Matcher number = NUMBER.matcher(original);
      assertThat(number.find()).as("a number in reject %s", original).isTrue();
      rejected.add(Long.valueOf(number.group()));
    }
    assertThat(rejected).as("rejects").containsExactlyInAnyOrderElementsOf(orders.rejected());
  }

  private void assertTally(Connection checkpoints, Connection repository) throws SQLException {
    String sums = "select sum(items_read), sum(items_written), sum(items_filtered),"
        + " sum(items_rejected) from ";
    String expected = orders.read() + "|" + orders.written().size() + "|" + orders.filtered() + "|"
        + orders.rejected().size();
    assertThat(Texts.of(checkpoints, sums + "TRANCHE_CHECKPOINT"))
        .as("the tally of the checkpoints")
        .containsExactly(expected);
    assertThat(Texts.of(repository, sums + "TRANCHE_PARTITION"))
        .as("the tally of the partitions")
        .containsExactly(expected);
    assertThat(Texts.of(
            checkpoints, "select partition_number from TRANCHE_CHECKPOINT where not complete"))
        .as("incomplete checkpoints")
        .isEmpty();
  }

  /** Spring Batch's tables and ours are at rest, so that stock tools are content. */
  private static void assertSettled(Connection repository) throws SQLException {
    for (String table : List.of("BATCH_JOB_EXECUTION", "BATCH_STEP_EXECUTION")) {
      assertThat(
              Texts.of(repository, "select status, exit_code from " + table + " where " + RUNNING))
          .as("rows of %s that look alive", table)
          .isEmpty();
    }
    assertThat(Texts.of(
            repository, "select count(*) from BATCH_JOB_EXECUTION where status = 'COMPLETED'"))
        .as("completed executions")
        .containsExactly("1");
    assertThat(Texts.of(repository, "select execution_id from TRANCHE_RUN where active"))
        .as("active runs")
        .isEmpty();
    assertThat(Texts.of(
            repository,
            "select partition_number, status from TRANCHE_PARTITION"
                + " where status <> 'COMPLETED'"))
        .as("partitions that are not complete")
        .isEmpty();
    assertThat(Texts.of(repository, "select phase from TRANCHE_STEP"))
        .as("phases of steps")
        .containsExactly("DONE");
    assertThat(Texts.of(repository, "select pid from TRANCHE_PROCESS"))
        .as("processes that are still registered")
        .isEmpty();
  }
}

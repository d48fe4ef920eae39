package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One load that faults are done to, one after the other. One thread. */
final class Scene {

  private static final Pattern EXECUTION = Pattern.compile("load-orders: execution (\\d+)");
  private static final Pattern WAY_OUT = Pattern.compile("restart (\\d+)");

  private final Installation installation;
  private final Site site;
  private final Target target;
  private final Random random;
  private final int rows;
  private final int chunk;
  private final Counter.Log counter = new Counter.Log();

  // -- so far --
  private String execution = "";

  /**
   * @param rows of the input
   * @param chunk items in one
   */
  Scene(Installation installation, Site site, Target target, Random random, int rows, int chunk) {
    this.installation = installation;
    this.site = site;
    this.target = target;
    this.random = random;
    this.rows = rows;
    this.chunk = chunk;
  }

  Installation installation() {
    return installation;
  }

  Site site() {
    return site;
  }

  Target target() {
    return target;
  }

  Random random() {
    return random;
  }

  /** Runs the job, or what is missing of it. */
  Child start() {
    return execution.isEmpty()
        ? counter.start(installation, "run", "load-orders")
        : counter.start(installation, "restart", execution);
  }

  /** A number of rows, from none to a few more than are missing. */
  long drawRows() {
    long missing = Math.max(1, rows - counter.rows());
    return counter.rows() + random.nextLong(missing + missing / 20 + 1);
  }

  /** A number of commits that are likely to come over a line yet. */
  int drawCommits(Site.Role role) {
    long chunks = (rows - counter.rows()) / chunk + 40;
    boolean shared = site.line(Site.Role.REPOSITORY) == site.line(Site.Role.TARGET);
    return 1 + random.nextInt(role == Site.Role.TARGET || shared ? (int) chunks : 50);
  }

  /** Lets the child work until so many rows are safe, and a moment longer. */
  void await(Child child, long at) throws Exception {
    if (at > 0) {
      counter.await(child, at);
    }
    child.workFor(Duration.ofMillis(at == 0 ? random.nextInt(6000) : random.nextInt(60)));
  }

  /** Lets the child commit something, and a moment longer. */
  void awaitMore(Child child) throws Exception {
    await(child, counter.rows() + 1);
  }

  /** Learns from the last words of a child what to type next. */
  void hear(Child.Result child) {
    Matcher began = EXECUTION.matcher(child.err());
    while (began.find()) {
      execution = began.group(1);
    }
    Matcher wayOut = WAY_OUT.matcher(child.out() + child.err());
    if (child.exit() == 3 && wayOut.find()) {
      execution = wayOut.group(1);
    }
  }

  /** Sometimes somebody types {@code recover} first. */
  void recover() throws Exception {
    Child.Result recovered = installation.run("recover");
    assertThat(recovered.exit()).as("recover: %s", recovered).isZero();
  }

  /** Whether the last execution ended at a time that is so far from the true one, or nearly. */
  boolean isNewestEndOff(Duration ahead) throws Exception {
    String newest = "select max(end_time) from BATCH_JOB_EXECUTION where job_execution_id ="
        + " (select max(job_execution_id) from BATCH_JOB_EXECUTION)";
    try (Connection repository = site.repository();
        Statement statement = repository.createStatement();
        ResultSet end = statement.executeQuery(newest)) {
      end.next();
      LocalDateTime told = end.getObject(1, LocalDateTime.class);
      LocalDateTime truth = LocalDateTime.now(ZoneOffset.UTC).plus(ahead);
      return told != null && Duration.between(told, truth).abs().toHours() < 1;
    }
  }

  /** Runs what is missing to the end, without a fault. */
  void complete() throws Exception {
    for (int attempt = 1; ; attempt++) {
      try (Child child = start()) {
        Child.Result result = child.await();
        if (result.exit() == 3 && result.err().contains("completed this instance")) {
          return;
        }
        boolean typedWrongly = result.exit() == 3 && attempt == 1;
        hear(result);
        if (!typedWrongly) {
          assertThat(result.exit()).as("the restart: %s", result).isZero();
          return;
        }
      }
    }
  }
}

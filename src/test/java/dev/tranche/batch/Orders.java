package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.testing.TestDatabase;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A job that loads 200 orders from two files into table {@code orders}, and what becomes of it when
 * something is wrong with its input: it fails or is refused with a message, and once the cause is
 * repaired it completes with every order exactly once.
 */
final class Orders {

  /** In each of the two files. */
  static final int HALF = 100;

  /** How much is safe depends on how far chunks in flight had come. */
  private static final String SAFE_POINT =
      "\\. \\d+ items are safe; a restart goes on at (the beginning|item \\d+, line \\d+)";

  private Orders() {}

  /** Two files and the job that loads them, one after the other, in chunks of 10. */
  static World in(TestDatabase databases, String mode) {
    return in(new World(databases), mode);
  }

  static World in(World world, String mode) {
    world
        .file("in/a.csv", csv(1, HALF))
        .file("in/b.csv", csv(HALF + 1, 2 * HALF))
        .job("orders", job(mode));
    world
        .sql()
        .sql(
            "create table orders (id bigint not null, name varchar(12) not null, amount smallint)")
        .update();
    return world;
  }

  static String job(String mode) {
    return """
        steps:
          - name: load
            read:
              type: csv
              files: in/*.csv
              max-record: 1KB
              columns: { id: long, name: string, amount: long }
            partition: { by: file, concurrency: 1 }
            chunk: { size: 10, mode: %s, workers: 2 }
            write: { type: jdbc, table: orders, mode: insert }
        """
        .formatted(mode);
  }

  static String csv(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(Orders::line)
        .collect(Collectors.joining("", "id,name,amount\n", ""));
  }

  static String line(int id) {
    return id + ",order " + id + "," + id + "\n";
  }

  /** The second file, whose line of order {@code id} is another. */
  static String withLine(int id, String line) {
    return csv(HALF + 1, 2 * HALF).replace("\n" + line(id), "\n" + line + "\n");
  }

  /** Runs; the execution fails with {@code message}, and says from where a restart goes on. */
  static ExecutionView fails(World world, String message) {
    ExecutionView execution = world.run("orders");
    assertThat(execution.status()).isEqualTo("FAILED");
    assertThat(execution.failures()).hasSize(1);
    assertThat(execution.failures().get(0)).startsWith(message);
    assertThat(execution.failures().get(0).substring(message.length())).matches(SAFE_POINT);
    assertThat(world.tranche().show(execution.execution()).failures())
        .isEqualTo(execution.failures());
    return execution;
  }

  /** Runs; that is refused with {@code message} after an execution was begun, which has failed. */
  static ExecutionView fallsOver(World world, String message) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> world.run("orders"));
    assertThat(refused).hasMessage(message);
    ExecutionView execution = world.tranche().executions("orders", 1).get(0);
    assertThat(execution.status()).isEqualTo("FAILED");
    return execution;
  }

  /** Restarts; that is refused with {@code message}, and may be tried again. */
  static void refusesRestart(World world, ExecutionView execution, String message) {
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () ->
                world
                    .tranche()
                    .restart(execution.execution(), Set.of(), RunObserver.NONE));
    assertThat(refused).hasMessage(message);
  }

  /** Runs; that is refused with {@code message} before anything is begun. */
  static void refuses(World world, String message) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> world.run("orders"));
    assertThat(refused).hasMessage(message);
    assertThat(world.tranche().executions("orders", 1)).isEmpty();
  }

  /** Restarts what failed; every order is there once. */
  static void completes(World world, ExecutionView failed) {
    assertComplete(
        world, world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE));
  }

  static void assertComplete(World world, ExecutionView execution) {
    assertThat(execution.failures()).isEmpty();
    assertThat(execution.status()).isEqualTo("COMPLETED");
    assertThat(execution.tally().written()).isEqualTo(2 * HALF);
    assertThat(world.count("select count(*) from orders")).isEqualTo(2 * HALF);
    assertThat(world.count("select count(distinct id) from orders")).isEqualTo(2 * HALF);
  }
}

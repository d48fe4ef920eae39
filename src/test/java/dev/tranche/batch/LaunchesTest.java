package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many instances of one job, launched at the same moment by two processes. */
class LaunchesTest {

  private static final int LAUNCHES = 100;

  @EveryDatabase
  void noneOfAHundredConcurrentLaunchesFails(TestDatabase databases) throws Exception {
    try (databases;
        World first = world(databases);
        World second = world(databases)) {
      List<Tranche> nodes = List.of(first.tranche(), second.tranche());
      CyclicBarrier together = new CyclicBarrier(LAUNCHES);
      ExecutorService pool = Executors.newFixedThreadPool(LAUNCHES);
      List<Future<ExecutionView>> launches = new ArrayList<>();
      for (int number = 0; number < LAUNCHES; number++) {
        Tranche node = nodes.get(number % 2);
        Map<String, String> parameters = Map.of("day", String.valueOf(number));
        launches.add(
            pool.submit(
                () -> {
                  together.await();
                  return node.run("items", parameters, false, RunObserver.NONE);
                }));
      }
      for (Future<ExecutionView> launch : launches) {
        ExecutionView ended = launch.get(3, TimeUnit.MINUTES);
        assertThat(ended.status()).as(ended.toString()).isEqualTo("COMPLETED");
      }
      pool.shutdown();
      assertThat(first.count("select count(*) from BATCH_JOB_EXECUTION")).isEqualTo(LAUNCHES);
      assertThat(first.count("select count(*) from item")).isEqualTo(10 * LAUNCHES);
      assertThat(first.count("select count(*) from TRANCHE_RUN where ACTIVE = true")).isZero();
    }
  }

  private static World world(TestDatabase databases) {
    return Items.in(new World(databases), 10)
        .job(
            "items",
            "parameters: { day: { type: long } }\n"
                + Items.job(2, 2, 5, "map", "      - filter: \"n > 0\""));
  }
}

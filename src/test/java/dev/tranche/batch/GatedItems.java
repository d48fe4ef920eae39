package dev.tranche.batch;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.row.Row;
import dev.tranche.testing.Background;
import dev.tranche.testing.TestDatabase;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Job {@code items} with bean {@code gate}, which holds one of its items. One test at a time. */
final class GatedItems {

  /** Of the world that was made last. */
  static Gate gate = new Gate(0);

  private GatedItems() {}

  @EnableAutoConfiguration
  static class Gated {
    @Bean
    ItemProcessor<Row, Row> gate() {
      return row -> gate.process(row);
    }
  }

  /** @param n of the item that is held; 0: none */
  static World in(TestDatabase databases, long n, int items, String job) {
    gate = new Gate(n);
    World world = new World(databases).with(Gated.class).beforeClose(gate::open);
    return Items.in(world, items).job("items", job);
  }

  static CompletableFuture<ExecutionView> start(World world) {
    return start(world, RunObserver.NONE);
  }

  static CompletableFuture<ExecutionView> start(World world, RunObserver observer) {
    Tranche tranche = world.tranche();
    return Background.supply(() -> tranche.run("items", Map.of(), false, observer));
  }

  static long newest(World world) {
    return world.tranche().executions("items", 1).get(0).execution();
  }
}

package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.row.Row;
import dev.tranche.store.Database;
import dev.tranche.store.Schema;
import dev.tranche.store.StoreException;
import dev.tranche.testing.EarlierSchema;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.Set;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** A job repository with the tables, and the histories, of a version before there was a service. */
class UpgradeTest {

  private static final int ITEMS = 400;
  private static volatile boolean broken;

  @EnableAutoConfiguration
  static class Failing {
    @Bean
    ItemProcessor<Row, Row> gate() {
      return row -> {
        if (broken && Long.valueOf(ITEMS).equals(row.get("n"))) {
          throw new IllegalStateException("broken");
        }
        return row;
      };
    }
  }

  @EveryDatabase
  void aFailedJobOfAnEarlierVersionGoesOnInThisOne(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).with(Failing.class)) {
      Items.in(world, ITEMS).job("items", Items.job(4, 2, 10, "futures", "      - bean: gate"));
      Database repository = databases.empty("default");
      broken = true;
      ExecutionView failed = world.run("items");
      assertThat(failed.status()).isEqualTo("FAILED");
      long written = world.count("select count(*) from item");
      assertThat(written).isBetween(1L, ITEMS - 1L);
      world.tranche().purge(null, null, true);
      Schema.check(repository, Schema.Part.SERVICE);
      world.shutDown();

      EarlierSchema.putBack(databases, "default");
      assertThatThrownBy(() -> Schema.check(repository, Schema.Part.REPOSITORY))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("lacks TRANCHE_CHECKPOINT.ITEMS_WRITE_SKIPS, TRANCHE_REJECT.TAKEN_BY,"
              + " TRANCHE_PARTITION.ITEMS_WRITE_SKIPS.");
      assertThatThrownBy(() -> Schema.check(repository, Schema.Part.SERVICE))
          .hasMessageContaining("lacks TRANCHE_AUDIT, TRANCHE_ACCOUNT, TRANCHE_SCHEDULE, TRANCHE_FIRE");

      broken = false;
      ExecutionView kept = world.tranche().show(failed.execution());
      assertThat(kept.status()).isEqualTo("FAILED");
      assertThat(kept.tally()).isEqualTo(failed.tally());
      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);
      assertThat(restarted.status()).isEqualTo("COMPLETED");
      assertThat(world.count("select count(*) from item")).isEqualTo(ITEMS);
      assertThat(world.count("select count(distinct n) from item")).isEqualTo(ITEMS);
      assertThat(world.count("select min(attempts) from TRANCHE_PARTITION"))
          .as("what was done stayed done")
          .isEqualTo(1);
      world.tranche().purge(null, null, true);
      Schema.check(repository, Schema.Part.REPOSITORY);
      Schema.check(repository, Schema.Part.SERVICE);
    }
  }
}

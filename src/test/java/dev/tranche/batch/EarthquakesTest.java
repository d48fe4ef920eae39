package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.TallyView;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;

/** The project's own job, through the door. */
class EarthquakesTest {

  private static final TallyView ALL = new TallyView(21_816, 21_816, 0, 0);

  @EveryDatabase
  void loadsEveryEarthquakeOnce(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).earthquakes()) {
      ExecutionView execution = world.run("load-earthquakes");

      assertThat(execution.failures()).isEmpty();
      assertThat(execution.status()).isEqualTo("COMPLETED");
      assertThat(execution.tally()).isEqualTo(ALL);
      assertThat(execution.thisExecution()).isEqualTo(ALL);
      assertThat(world.count("select count(*) from earthquake")).isEqualTo(21_816);
      assertThat(world.count("select count(distinct id) from earthquake")).isEqualTo(21_816);
      assertThatThrownBy(() -> world.run("load-earthquakes"))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "load-earthquakes with region='*' is complete (execution "
                  + execution.execution()
                  + "); run it anew with: run load-earthquakes region='*' --new");
    }
  }
}

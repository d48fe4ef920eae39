package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.store.Runs.HeldException;
import dev.tranche.store.Runs.Run;
import dev.tranche.testing.Background;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class RunsTest {

  @EveryDatabase
  void takesAnInstanceThatNobodyRuns(TestDatabase databases) throws Exception {
    Runs runs = new Runs(databases.repository());
    assertThat(runs.find(5)).isEmpty();
    Run run = runs.take(5, 17, "a");
    assertThat(run).isEqualTo(new Run(5, 17, "a", 1, true, false, 0, 0));
    assertThat(runs.find(5)).contains(run);
    assertThat(runs.active()).containsExactly(run);
  }

  @EveryDatabase
  void refusesAnInstanceThatSomebodyRuns(TestDatabase databases) throws Exception {
    Runs runs = new Runs(databases.repository());
    Run holder = runs.take(5, 17, "a");
    assertThatThrownBy(() -> runs.take(5, 18, "b"))
        .isInstanceOfSatisfying(
            HeldException.class, held -> assertThat(held.holder()).isEqualTo(holder))
        .hasMessage("execution 17 runs this instance");
    assertThat(runs.take(6, 18, "b").epoch()).as("another instance").isEqualTo(1);
  }

  @EveryDatabase
  void takesTwiceWhatItHolds(TestDatabase databases) throws Exception {
    Runs runs = new Runs(databases.repository());
    Run run = runs.take(5, 17, "a");
    assertThat(runs.take(5, 17, "a"))
        .as("the first commit was of unknown outcome")
        .isEqualTo(run);
    assertThatThrownBy(() -> runs.take(5, 17, "b")).isInstanceOf(HeldException.class);
  }

  @EveryDatabase
  void givesTheInstanceToTheNextOnceItIsReleased(TestDatabase databases) throws Exception {
    Runs runs = new Runs(databases.repository());
    Run first = runs.take(5, 17, "a");
    assertThat(runs.askStop(5)).isTrue();
    runs.crashed(first, 2, 500);
    runs.release(first);
    assertThat(runs.active()).isEmpty();
    assertThat(runs.askStop(5)).isFalse();
    assertThat(runs.askStop(6)).isFalse();

    Run second = runs.take(5, 18, "b");
    assertThat(second).isEqualTo(new Run(5, 18, "b", 2, true, false, 2, 500));
    runs.release(first);
    assertThat(runs.find(5)).as("released by somebody who lost it").contains(second);
    assertThat(runs.askStop(5)).isTrue();
    assertThat(runs.find(5).map(Run::stopAsked)).contains(true);
  }

  @EveryDatabase
  void letsOneOfEightTakersWin(TestDatabase databases) throws Exception {
    Runs runs = new Runs(databases.repository());
    for (int round = 1; round <= 50; round++) {
      // Every second round takes an instance that ran before.
      int instance = (round + 1) / 2;
      List<Run> taken = AtOnce.find(8, thread -> {
        try {
          return runs.take(instance, thread + 1, "process " + thread);
        } catch (HeldException lost) {
          return lost.holder();
        }
      });
      Run winner = runs.find(instance).orElseThrow();
      assertThat(taken).as("round " + round).containsOnly(winner);
      assertThat(winner.epoch()).isEqualTo(2 - round % 2);
      runs.release(winner);
    }
  }

  @EveryDatabase
  void letsOneOfEightSeizersWin(TestDatabase databases) throws Exception {
    Runs runs = new Runs(databases.repository());
    Run dead = runs.take(5, 17, "dead");
    for (int round = 2; round <= 21; round++) {
      Run before = dead;
      List<Optional<Run>> seized =
          AtOnce.find(8, thread -> runs.seize(before, "process " + thread));
      List<Run> winners = seized.stream().flatMap(Optional::stream).toList();
      assertThat(winners).hasSize(1);
      dead = winners.get(0);
      assertThat(dead).isEqualTo(new Run(5, 17, dead.process(), round, true, false, 0, 0));
    }
    runs.release(dead);
    assertThat(runs.seize(dead, "late")).isEmpty();
  }

  @EveryDatabase
  void doesNothingForAZombie(TestDatabase databases) throws Exception {
    Database database = databases.repository();
    Runs runs = new Runs(database);
    Run zombie = runs.take(5, 17, "dead");
    Run seized = runs.seize(zombie, "rescuer").orElseThrow();
    runs.crashed(zombie, 9, 9);
    runs.release(zombie);
    assertThat(runs.find(5)).contains(seized);
    try (Connection connection = database.connect()) {
      assertThat(runs.holds(connection, zombie)).isFalse();
      assertThat(runs.holds(connection, seized)).isTrue();
    }
    runs.release(seized);
    try (Connection connection = database.connect()) {
      assertThat(runs.holds(connection, seized)).isFalse();
    }
  }

  @EveryDatabase
  void keepsARunFromChangingHandsWhileItsRowsAreWritten(TestDatabase databases) throws Exception {
    Database database = databases.repository();
    Runs runs = new Runs(database);
    Run run = runs.take(5, 17, "a");
    try (Connection connection = database.connect()) {
      assertThat(runs.holds(connection, run)).isTrue();
      CompletableFuture<Optional<Run>> seized =
          Background.supply(() -> runs.seize(run, "rescuer"));
      databases.awaitBlockedSession("default");
      assertThat(seized).isNotDone();
      connection.commit();
      assertThat(Objects.requireNonNull(seized.get(30, TimeUnit.SECONDS))).isPresent();
    }
  }
}

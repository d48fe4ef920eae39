package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tranche.chunk.PartitionFixture.Way;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.StoreException;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** An observer hears the end of each transaction and of each write that it heard the beginning of. */
class ToldTransactionsTest {

  /** What begins and ends, in order. */
  private static final class Told implements ChunkObserver {

    final List<String> transactions = new ArrayList<>();
    final List<String> writes = new ArrayList<>();

    @Override
    public void committing() {
      transactions.add("begun");
    }

    @Override
    public void committed(Tally delta, long nanos) {
      transactions.add("committed");
    }

    @Override
    public void rolledBack(Throwable error) {
      transactions.add("rolled back: " + error.getMessage());
    }

    @Override
    public void outcomeUnknown(Throwable error) {
      transactions.add("unknown: " + error.getMessage());
    }

    @Override
    public void beforeWrite(List<?> items) {
      writes.add("begun");
    }

    @Override
    public void afterWrite(List<?> items) {
      writes.add("written");
    }

    @Override
    public void notWritten(Throwable error) {
      writes.add("not written: " + error.getMessage());
    }
  }

  @EveryMode
  void andThatItWasCommitted(Way way) {
    assertThat(told(way, PartitionFixture.withItems(20)).transactions)
        .containsExactly("begun", "committed", "begun", "committed");
  }

  @EveryMode
  void andThatNobodyKnowsIfItWas(Way way) {
    var partition = PartitionFixture.withItems(20);
    partition.target.after =
        (commit, items) -> {
          throw new UnknownOutcomeException(new SQLException("gone", "08006"));
        };

    Told told = told(way, partition);

    String gone = "the connection ended in the commit: gone";
    assertThat(told.transactions).containsExactly("begun", "unknown: " + gone);
    assertThat(told.writes).containsExactly("begun", "not written: " + gone);
  }

  @EveryMode
  void andThatADatabaseWasAway(Way way) {
    assertEnded(way, new OutageException("away", new SQLException("away")), "away");
  }

  @EveryMode
  void andThatItBelongedToAnother(Way way) {
    SupersededException superseded =
        new SupersededException(new PartitionKey("layout", 1), "owner 2");
    assertEnded(way, superseded, superseded.getMessage());
  }

  @EveryMode
  void andThatItBroke(Way way) {
    var partition = PartitionFixture.withItems(20);
    Told told = new Told();
    partition.observer = told;
    partition.target.before =
        (commit, items) -> {
          throw new StoreException("no such table", new SQLException());
        };

    assertThat(catchThrowable(() -> partition.run(way, 10)))
        .hasRootCauseInstanceOf(SQLException.class);

    assertThat(told.transactions).containsExactly("begun", "rolled back: no such table");
    assertThat(told.writes).containsExactly("begun", "not written: no such table");
  }

  @EveryMode
  void andEachTryOfIt(Way way) {
    var partition = PartitionFixture.withItems(10).retrying(3, "transient");
    AtomicInteger tries = new AtomicInteger();
    partition.target.before =
        (commit, items) -> {
          if (tries.incrementAndGet() <= 2) {
            throw new WriteException(new SQLTransientException("deadlock", "40P01"));
          }
        };

    Told told = told(way, partition);

    assertThat(told.transactions)
        .containsExactly(
            "begun", "rolled back: deadlock", "begun", "rolled back: deadlock", "begun",
            "committed");
    assertThat(told.writes).as("tries of a write are told as one").containsExactly("begun", "written");
  }

  /** Also of parts, and of the transaction that sets an item aside. */
  @EveryMode
  void andEachPartOfAChunkWithABadItem(Way way) {
    var partition = PartitionFixture.withItems(10).skipping(2);
    partition.target.refused.addAll(Set.of(3, 8));

    Told told = told(way, partition);

    assertThat(partition.target.items()).hasSize(8);
    assertPaired(told.transactions);
    assertPaired(told.writes);
    assertThat(told.transactions).contains("rolled back: value 8 is refused", "committed");
    assertThat(told.writes).contains("not written: value 8 is refused", "written");
  }

  @EveryMode
  void andThatASecondRefusalFailedTheStep(Way way) {
    var partition = PartitionFixture.withItems(1).skipping(1);
    partition.target.before =
        (commit, items) -> {
          throw new WriteException(
              new SQLException(items.isEmpty() ? "no room for a reject" : "bad", "22001"));
        };

    Told told = told(way, partition);

    assertThat(told.transactions)
        .containsExactly("begun", "rolled back: bad", "begun", "rolled back: no room for a reject");
    assertThat(told.writes).containsExactly("begun", "not written: bad");
  }

  private static void assertEnded(Way way, Exception end, String message) {
    var partition = PartitionFixture.withItems(20);
    partition.target.before =
        (commit, items) -> {
          throw end;
        };

    Told told = told(way, partition);

    assertThat(told.transactions).containsExactly("begun", "rolled back: " + message);
    assertThat(told.writes).containsExactly("begun", "not written: " + message);
  }

  private static Told told(Way way, PartitionFixture fixture) {
    Told told = new Told();
    try (fixture) {
      fixture.observer = told;
      fixture.run(way, 10);
    }
    return told;
  }

  private static void assertPaired(List<String> told) {
    assertThat(told.size() % 2).as("%s", told).isZero();
    for (int i = 0; i < told.size(); i += 2) {
      assertThat(told.get(i)).as("%s", told).isEqualTo("begun");
      assertThat(told.get(i + 1)).as("%s", told).isNotEqualTo("begun");
    }
  }
}

package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.row.Digest;
import dev.tranche.testing.CountingDataSource;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

  private static final String LAYOUT = "0b8f3b0e-6a4e-4f4e-9d5a-0f7b3f1f2c11";
  private static final PartitionKey P1 = new PartitionKey(LAYOUT, 1);

  /** With everything in it that is hard to keep. */
  private static final Checkpoint HALF = new Checkpoint(
      new Position("k\u0000ey \"é\\\ud83d\ude00\ud83d", 1000, 1001),
      new Digest(-17, 1L << 40),
      List.of(
          new DoneRange(at("20"), at("30"), 10, new Digest(3, 4)),
          new DoneRange(at("40"), at("50"), 7, Digest.NONE)),
      new Tally(1017, 1000, 10, 4, 2, 1),
      false);

  @EveryDatabase
  void claimsANewPartitionFromItsStart(TestDatabase databases) throws Exception {
    Database database = databases.target();
    assertThat(claim(database, P1, 0)).isEqualTo(new Claim(fence(1, 0), Checkpoint.START));
    assertThat(claim(database, new PartitionKey(LAYOUT, 2), 41).fence().owner()).isEqualTo(42);
  }

  @EveryDatabase
  void goesOnFromWhatWasCommitted(TestDatabase databases) throws Exception {
    Database database = databases.target();
    Fence fence = claim(database, P1, 0).fence();
    advance(database, fence, HALF);
    assertThat(claim(database, P1, 1)).isEqualTo(new Claim(fence(2, 1), HALF));
  }

  @EveryDatabase
  void raisesTheOwnerAboveBothTheRepositorysAndTheTargets(TestDatabase databases) throws Exception {
    Database database = databases.target();
    claim(database, P1, 6);
    assertThat(claim(database, P1, 0).fence().owner()).isEqualTo(8);
    assertThat(claim(database, P1, 20).fence().owner()).isEqualTo(21);
    assertThat(raise(database, 3)).isEqualTo(22);
    assertThat(raise(database, 30)).isEqualTo(31);
  }

  @EveryDatabase
  void refusesToStartAnewWhereACheckpointWasRemoved(TestDatabase databases) throws Exception {
    Database database = databases.target();
    assertThatThrownBy(() -> claimExisting(database, 3))
        .isInstanceOf(MissingCheckpointException.class)
        .hasMessage(
            "partition p1 ran before, but its checkpoint is gone from TRANCHE_CHECKPOINT in the"
                + " target (layout "
                + LAYOUT
                + "): somebody removed it. What was loaded is not known any more");
    assertThat(raise(database, 3)).isEqualTo(4);
    assertThatThrownBy(() -> claimExisting(database, 4))
        .as("raising the owner must not hide that it is gone")
        .isInstanceOf(MissingCheckpointException.class);
  }

  @EveryDatabase
  void supersedesWhoeverOwnedItBefore(TestDatabase databases) throws Exception {
    Database database = databases.target();
    Fence zombie = claim(database, P1, 0).fence();
    Fence owner = claim(database, P1, 1).fence();
    assertThatThrownBy(() -> advance(database, zombie, HALF))
        .isInstanceOf(SupersededException.class)
        .hasMessage("partition p1 is owned by another attempt: owner 1 and seq 0 are not the"
            + " checkpoint's");
    advance(database, owner, HALF);
    assertThatThrownBy(() -> advance(database, owner, HALF))
        .as("one seq, one commit")
        .isInstanceOf(SupersededException.class);
    advance(database, owner.next(), HALF);
    assertThat(holds(database, owner.next().next())).isTrue();
    assertThat(holds(database, owner.next())).isFalse();
    assertThat(holds(database, new Fence(P1, 1, 2))).isFalse();
  }

  @EveryDatabase
  void waitsForAnOpenTransactionAndThenSeesWhatItCommitted(TestDatabase databases)
      throws Exception {
    Database database = databases.target();
    Fence fence = claim(database, P1, 0).fence();
    try (Connection old = database.connect()) {
      checkpoints(database).advance(old, fence, HALF);
      CompletableFuture<Claim> next = inBackground(() -> claim(database, P1, 1));
      databases.awaitBlockedSession("target");
      assertThat(next).isNotDone();
      old.commit();
      assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo(new Claim(fence(2, 1), HALF));
    }
  }

  @EveryDatabase
  void waitsForAnOpenTransactionAndThenSeesThatItWasRolledBack(TestDatabase databases)
      throws Exception {
    Database database = databases.target();
    Fence fence = claim(database, P1, 0).fence();
    try (Connection old = database.connect()) {
      checkpoints(database).advance(old, fence, HALF);
      CompletableFuture<Claim> next = inBackground(() -> claim(database, P1, 1));
      databases.awaitBlockedSession("target");
      old.rollback();
      assertThat(next.get(30, TimeUnit.SECONDS))
          .isEqualTo(new Claim(fence(2, 0), Checkpoint.START));
    }
  }

  @EveryDatabase
  void stopsAZombieThatWaitsForTheLockOfItsSuccessor(TestDatabase databases) throws Exception {
    Database database = databases.target();
    Fence zombie = claim(database, P1, 0).fence();
    try (Connection claimer = database.connect()) {
      checkpoints(database).claim(claimer, P1, 1, true);
      CompletableFuture<Boolean> commit = inBackground(() -> {
        advance(database, zombie, HALF);
        return true;
      });
      databases.awaitBlockedSession("target");
      claimer.commit();
      assertThatThrownBy(() -> commit.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SupersededException.class);
    }
    assertThat(claim(database, P1, 2)).isEqualTo(new Claim(fence(3, 0), Checkpoint.START));
  }

  @EveryDatabase
  void keepsNothingOfACommitThatWasRolledBack(TestDatabase databases) throws Exception {
    Database database = databases.target();
    Fence fence = claim(database, P1, 0).fence();
    try (Connection connection = database.connect()) {
      checkpoints(database).advance(connection, fence, HALF);
    }
    assertThat(holds(database, fence)).as("closing rolls back").isTrue();
  }

  @EveryDatabase
  void givesEightClaimersOfOneNewPartitionEightOwners(TestDatabase databases) throws Exception {
    Database database = databases.target();
    for (int round = 1; round <= 20; round++) {
      PartitionKey partition = new PartitionKey(LAYOUT, round);
      List<Long> owners =
          AtOnce.find(8, thread -> claim(database, partition, 0).fence().owner());
      assertThat(owners)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.rangeClosed(1, 8).boxed().toList());
    }
  }

  @EveryDatabase
  void letsOneOfEightCommitsUnderOneFenceThrough(TestDatabase databases) throws Exception {
    Database database = databases.target();
    Fence fence = claim(database, P1, 0).fence();
    for (int round = 0; round < 20; round++) {
      Fence held = fence;
      List<Boolean> committed = AtOnce.find(8, thread -> advances(database, held));
      assertThat(committed).containsOnlyOnce(true);
      fence = fence.next();
    }
    assertThat(holds(database, fence)).isTrue();
  }

  @EveryDatabase
  void rewritesACheckpointUnderItsFence(TestDatabase databases) throws Exception {
    Database database = databases.target();
    Fence fence = claim(database, P1, 0).fence();
    try (Connection connection = database.connect()) {
      checkpoints(database).rewrite(connection, fence, HALF);
      connection.commit();
    }
    assertThat(claim(database, P1, 1)).isEqualTo(new Claim(fence(2, 1), HALF));
    try (Connection connection = database.connect()) {
      assertThatThrownBy(() -> checkpoints(database).rewrite(connection, fence, HALF))
          .isInstanceOf(SupersededException.class);
    }
  }

  @EveryDatabase
  void findsCountsAndSumsALayoutAndNoOther(TestDatabase databases) throws Exception {
    Database database = databases.target();
    claim(database, new PartitionKey("another", 1), 0);
    for (int number : new int[] {1, 2, 3}) {
      Fence fence = claim(database, new PartitionKey(LAYOUT, number), 0).fence();
      Tally tally = new Tally(13, 7, 2, 2, 1, 1);
      advance(database, fence, new Checkpoint(null, Digest.NONE, List.of(), tally, number < 3));
    }
    Checkpoints checkpoints = checkpoints(database);
    try (Connection connection = database.connect()) {
      assertThat(checkpoints.countComplete(connection, LAYOUT)).isEqualTo(2);
      assertThat(checkpoints.tally(connection, LAYOUT)).isEqualTo(new Tally(39, 21, 6, 6, 3, 3));
      assertThat(checkpoints.tally(connection, "unknown")).isEqualTo(Tally.ZERO);
      assertThat(checkpoints.find(connection, LAYOUT, null)).containsOnlyKeys(1, 2, 3);
      assertThat(checkpoints.find(connection, LAYOUT, List.of())).isEmpty();
      List<Integer> many = IntStream.rangeClosed(2, 2500).boxed().toList();
      assertThat(checkpoints.find(connection, LAYOUT, many)).containsOnlyKeys(2, 3);
    }
  }

  @EveryDatabase
  void costsTwoStatementsAClaimAndOneACommit(TestDatabase databases) throws Exception {
    CountingDataSource counting = new CountingDataSource(databases.target().dataSource());
    Database database = new Database("target", counting);
    database.platform();
    Fence fence = claim(database, P1, 0).fence();
    assertThat(counting.count()).isEqualTo(2);
    counting.reset();
    advance(database, fence, HALF);
    assertThat(counting.count()).isEqualTo(1);
    counting.reset();
    claim(database, P1, 1);
    assertThat(counting.count()).isEqualTo(2);
  }

  @Test
  void writesATextThatCanBeReadByPeople() {
    Checkpoint checkpoint = new Checkpoint(
        new Position("524288", 1000, 1001),
        new Digest(5, 524288),
        List.of(new DoneRange(at("600000"), at("700000"), 9, new Digest(6, 7))),
        Tally.ZERO,
        false);
    assertThat(CheckpointJson.write(checkpoint))
        .isEqualTo("{\"version\":1,"
            + "\"watermark\":{\"key\":\"524288\",\"ordinal\":1000,\"line\":1001},"
            + "\"digest\":{\"crc\":5,\"length\":524288},"
            + "\"done\":[{\"from\":{\"key\":\"600000\",\"ordinal\":0,\"line\":0},"
            + "\"to\":{\"key\":\"700000\",\"ordinal\":0,\"line\":0},\"items\":9,"
            + "\"digest\":{\"crc\":6,\"length\":7}}]}");
    assertThat(CheckpointJson.write(Checkpoint.START)).isEqualTo("{\"version\":1}");
  }

  @Test
  void refusesTheTextOfALaterVersion() {
    assertThatThrownBy(() -> CheckpointJson.read("{\"version\":2}", Tally.ZERO, false))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "a checkpoint has version 2, and this Tranche knows version 1 only. Restart with the"
                + " version of Tranche that wrote it");
  }

  private static Position at(String key) {
    return new Position(key, 0, 0);
  }

  private static Fence fence(long owner, long seq) {
    return new Fence(P1, owner, seq);
  }

  private static Checkpoints checkpoints(Database database) throws SQLException {
    return new Checkpoints(database.platform());
  }

  private static Claim claim(Database database, PartitionKey partition, long owner)
      throws Exception {
    return claim(database, partition, owner, false);
  }

  private static Claim claimExisting(Database database, long owner) throws Exception {
    return claim(database, P1, owner, true);
  }

  private static Claim claim(
      Database database, PartitionKey partition, long owner, boolean mustExist) throws Exception {
    try (Connection connection = database.connect()) {
      Claim claim = checkpoints(database).claim(connection, partition, owner, mustExist);
      connection.commit();
      return claim;
    }
  }

  private static void advance(Database database, Fence fence, Checkpoint next) throws Exception {
    try (Connection connection = database.connect()) {
      checkpoints(database).advance(connection, fence, next);
      connection.commit();
    }
  }

  private static boolean advances(Database database, Fence fence) throws Exception {
    try {
      advance(database, fence, HALF);
      return true;
    } catch (SupersededException lost) {
      return false;
    }
  }

  private static boolean holds(Database database, Fence fence) throws SQLException {
    try (Connection connection = database.connect()) {
      return checkpoints(database).holds(connection, fence);
    }
  }

  private static long raise(Database database, long owner) throws SQLException {
    try (Connection connection = database.connect()) {
      long raised = checkpoints(database).raise(connection, P1, owner);
      connection.commit();
      return raised;
    }
  }

  /** Runs on a thread of its own, which ends by itself. */
  private static <T> CompletableFuture<T> inBackground(java.util.concurrent.Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      try {
        result.complete(work.call());
      } catch (Throwable error) {
        result.completeExceptionally(error);
      }
    });
    thread.setDaemon(true);
    thread.start();
    return result;
  }
}

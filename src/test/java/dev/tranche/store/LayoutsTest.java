package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tranche.row.Digest;
import dev.tranche.store.Layouts.Claimed;
import dev.tranche.store.Layouts.NewPartition;
import dev.tranche.store.Layouts.Progress;
import dev.tranche.store.Layouts.TargetClaim;
import dev.tranche.store.PartitionState.Status;
import dev.tranche.testing.CountingDataSource;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LayoutsTest {

  private static final String LAYOUT = "1b8f3b0e-6a4e-4f4e-9d5a-0f7b3f1f2c11";
  private static final PartitionKey P1 = new PartitionKey(LAYOUT, 1);
  private static final PartitionKey P2 = new PartitionKey(LAYOUT, 2);
  private static final PartitionKey P3 = new PartitionKey(LAYOUT, 3);
  private static final Tally TALLY = new Tally(13, 7, 2, 2, 1, 1);

  @EveryDatabase
  void keepsAStepAsItWasFrozen(TestDatabase databases) {
    Layouts layouts = new Layouts(databases.repository());
    StepState created = layouts.create(step("load", LAYOUT), partitions(1, 2, 3).iterator());
    assertThat(created.partitions()).isEqualTo(3);
    assertThat(layouts.find(5, "load")).contains(created);
    assertThat(created.placeholders()).containsExactly(Map.entry("b", "2"), Map.entry("a", "é\0"));
    assertThat(layouts.find(6, "load")).isEmpty();
    layouts.create(step("again", "another"), partitions().iterator());
    layouts.phase(LAYOUT, StepState.Phase.FINISHING);
    assertThat(layouts.find(5))
        .extracting(StepState::step, StepState::phase, StepState::partitions)
        .containsExactly(
            tuple("load", StepState.Phase.FINISHING, 3),
            tuple("again", StepState.Phase.PLANNED, 0));
  }

  @EveryDatabase
  void aZombieDoesNotPutADoneStepBack(TestDatabase databases) {
    Layouts layouts = new Layouts(databases.repository());
    layouts.create(step("load", LAYOUT), partitions(1).iterator());
    layouts.phase(LAYOUT, StepState.Phase.DONE);
    layouts.phase(LAYOUT, StepState.Phase.FINISHING);
    assertThat(layouts.find(5)).extracting(StepState::phase).containsExactly(StepState.Phase.DONE);
  }

  @EveryDatabase
  void keepsNothingOfALayoutThatCannotBeFinished(TestDatabase databases) {
    Layouts layouts = new Layouts(databases.repository());
    Iterator<NewPartition> failing = IntStream.range(0, 5000)
        .mapToObj(i -> {
          if (i == 4000) {
            throw new IllegalArgumentException("the input is gone");
          }
          return new NewPartition("slice " + i, i);
        })
        .iterator();
    assertThatThrownBy(() -> layouts.create(step("load", LAYOUT), failing))
        .hasMessage("the input is gone");
    assertThat(layouts.find(5, "load")).isEmpty();
    assertThat(layouts.partitions(LAYOUT, 0, 10)).isEmpty();
  }

  @EveryDatabase
  void refusesASecondLayoutOfOneStep(TestDatabase databases) {
    Layouts layouts = withPartitions(databases.repository(), 1);
    assertThatThrownBy(
            () -> layouts.create(step("load", "another"), partitions(1).iterator()))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(
            "the job repository's database: cannot store the layout of step 'load': ");
    assertThat(layouts.partitions("another", 0, 10)).isEmpty();
  }

  @EveryDatabase
  void claimsTheLargestFirstAndEachOnce(TestDatabase databases) throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 10, 30, 20, 30);
    List<Integer> order = new ArrayList<>();
    Optional<Claimed> claimed = claim(layouts, 17, null);
    while (claimed.isPresent()) {
      order.add(claimed.get().partition().key().number());
      claimed = claim(layouts, 17, null);
    }
    assertThat(order).containsExactly(2, 4, 3, 1);
  }

  @EveryDatabase
  void storesWhoClaimedAndWithWhichOwner(TestDatabase databases) throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 10);
    List<PartitionState> found = new ArrayList<>();
    Checkpoint checkpoint =
        new Checkpoint(new Position("k", 10, 11), Digest.NONE, List.of(), TALLY, false);
    Claim claim = new Claim(new Fence(P1, 7, 3), checkpoint);
    Claimed claimed = layouts
        .claim(LAYOUT, 17, "process", null, state -> {
          found.add(state);
          return claim;
        })
        .orElseThrow();
    assertThat(found)
        .containsExactly(
            new PartitionState(P1, "slice 1", 10, Status.STARTING, 0, 0, 0, Tally.ZERO, null));
    PartitionState started =
        new PartitionState(P1, "slice 1", 10, Status.STARTED, 1, 7, 17, TALLY, null);
    assertThat(claimed).isEqualTo(new Claimed(started, claim, found.get(0)));
    assertThat(layouts.partitions(LAYOUT, 0, 10)).containsExactly(started);
  }

  @EveryDatabase
  void leavesThePartitionAsItWasWhereTheTargetFails(TestDatabase databases) throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 10);
    SQLException down = new SQLException("the target is down", "08006");
    assertThatThrownBy(() -> layouts.claim(LAYOUT, 17, "process", null, found -> {
          throw down;
        }))
        .as("it is not the repository that is down")
        .isSameAs(down);
    assertThat(layouts.partitions(LAYOUT, Status.STARTING)).hasSize(1);
    assertThat(claim(layouts, 17, null)).isPresent();
  }

  @EveryDatabase
  void claimsOnARestartWhatIsNotCompletedAndOnlyWhatIsAsked(TestDatabase databases)
      throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 10, 20, 30);
    for (int i = 0; i < 3; i++) {
      claim(layouts, 17, null);
    }
    layouts.ended(P1, 1, Status.COMPLETED, TALLY, null);
    layouts.ended(P2, 1, Status.FAILED, TALLY, "line 7: no number");
    layouts.ended(P3, 1, Status.STOPPED, TALLY, null);
    assertThat(claim(layouts, 17, null))
        .as("an execution claims a partition once")
        .isEmpty();
    assertThat(claim(layouts, 18, List.of(1))).isEmpty();
    assertThat(claim(layouts, 18, List.of())).isEmpty();

    PartitionState again = claim(layouts, 18, List.of(1, 2)).orElseThrow().partition();
    assertThat(again)
        .isEqualTo(
            new PartitionState(P2, "slice 2", 20, Status.STARTED, 2, 2, 18, Tally.ZERO, null));
    assertThat(claim(layouts, 18, List.of(1, 2))).isEmpty();
    assertThat(claim(layouts, 18, null).orElseThrow().partition().key()).isEqualTo(P3);
    assertThat(claim(layouts, 18, null)).isEmpty();
  }

  @EveryDatabase
  void claimsTheLargestTogetherAndStoresHowTheyEndedTogether(TestDatabase databases)
      throws Exception {
    CountingDataSource counting = new CountingDataSource(databases.repository().dataSource());
    Database database = new Database("default", counting);
    Layouts layouts = withPartitions(database, 10, 30, 20, 30, 5);
    Checkpoints checkpoints = new Checkpoints(database.platform());
    counting.reset();
    List<Claimed> three = layouts.claim(
        LAYOUT, 17, "process", null, 3, found -> claimAllIn(database, checkpoints, found));
    assertThat(three)
        .extracting(claimed -> claimed.partition().key().number(), claimed -> claimed.claim().fence())
        .containsExactly(
            tuple(2, new Fence(P2, 1, 0)),
            tuple(4, new Fence(new PartitionKey(LAYOUT, 4), 1, 0)),
            tuple(3, new Fence(P3, 1, 0)));
    assertThat(counting.commits()).as("one here, one in the target").isEqualTo(2);
    layouts.ended(
        three.stream()
            .map(each ->
                new Layouts.Ended(each.partition().key(), 1, Status.COMPLETED, TALLY, null))
            .toList());
    assertThat(counting.commits()).isEqualTo(3);
    assertThat(layouts.counts(LAYOUT))
        .containsOnly(Map.entry(Status.COMPLETED, 3), Map.entry(Status.STARTING, 2));
    assertThat(
            layouts.claim(
                LAYOUT, 18, "process", null, 64, found -> claimAllIn(database, checkpoints, found)))
        .extracting(claimed -> claimed.partition().key().number())
        .containsExactly(1, 5);
  }

  @EveryDatabase
  void raisesTheOwnersOfThoseThatRanBeforeAmongThoseThatDidNot(TestDatabase databases)
      throws Exception {
    Database database = databases.repository();
    Checkpoints checkpoints = new Checkpoints(database.platform());
    Layouts layouts = withPartitions(database, 10, 20, 30);
    layouts.claim(LAYOUT, 17, "process", List.of(2), claimIn(database, checkpoints));
    claimIn(database, checkpoints).claim(layouts.partitions(LAYOUT, 2, 1).get(0)); // not stored
    List<Claimed> all = layouts.claim(
        LAYOUT, 18, "process", null, 64, found -> claimAllIn(database, checkpoints, found));
    assertThat(all)
        .extracting(claimed -> claimed.claim().fence())
        .containsExactly(new Fence(P3, 2, 0), new Fence(P2, 2, 0), new Fence(P1, 1, 0));
  }

  @EveryDatabase
  void makesPartitionsThatAreGivenBackWhatTheyWere(TestDatabase databases) throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 10, 20);
    claim(layouts, 16, List.of(1));
    layouts.ended(P1, 1, Status.FAILED, TALLY, "line 7: no number");
    List<Claimed> both = layouts.claim(LAYOUT, 17, "process", null, 64, LayoutsTest::raisingAll);
    layouts.giveBack(both);
    assertThat(layouts.partitions(LAYOUT, 0, 10))
        .containsExactly(
            new PartitionState(
                P1, "slice 1", 10, Status.FAILED, 1, 2, 16, Tally.ZERO, "line 7: no number"),
            new PartitionState(P2, "slice 2", 20, Status.STARTING, 0, 1, 0, Tally.ZERO, null));
    assertThat(claim(layouts, 18, null)).isPresent();
    layouts.giveBack(both);
    assertThat(layouts.counts(LAYOUT))
        .as("whoever is late takes nothing away")
        .containsEntry(Status.STARTED, 1);
  }

  @EveryDatabase
  void claimsNothingForAZombieWhoseInstanceSomebodyElseRuns(TestDatabase databases)
      throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 10, 20);
    Runs runs = new Runs(databases.repository());
    Runs.Run run = runs.take(5, 17, "process");
    assertThat(claim(layouts, 17, null)).isPresent();

    Runs.Run seized = runs.seize(run, "rescuer").orElseThrow();
    assertThat(claim(layouts, 17, null)).isEmpty();
    runs.release(seized);
    runs.take(5, 18, "rescuer");
    assertThat(claim(layouts, 17, null)).isEmpty();
    assertThat(layouts.claim(LAYOUT, 18, "rescuer", null, raising())).isPresent();
  }

  @EveryDatabase
  void claimsEachOf200PartitionsOnceFromEightThreads(TestDatabase databases) throws Exception {
    Database database = databases.repository();
    Checkpoints checkpoints = new Checkpoints(database.platform());
    int[] estimates = IntStream.range(0, 200).map(i -> i % 20).toArray();
    Layouts layouts = withPartitions(database, estimates);
    List<List<Integer>> byThread =
        AtOnce.find(8, thread -> claimAll(layouts, 17, claimIn(database, checkpoints)));
    assertThat(byThread.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 200).boxed().toList());
    assertThat(layouts.counts(LAYOUT)).containsExactly(Map.entry(Status.STARTED, 200));
    try (Connection connection = database.connect()) {
      assertThat(checkpoints.find(connection, LAYOUT, null).values())
          .hasSize(200)
          .allSatisfy(claim -> assertThat(claim.fence().owner()).isEqualTo(1));
    }
  }

  @EveryDatabase
  void letsNobodyDeadlockWhoWaitsForTheLastPartitions(TestDatabase databases) throws Exception {
    Database database = databases.repository();
    Checkpoints checkpoints = new Checkpoints(database.platform());
    Layouts layouts = withPartitions(database, new int[60]);
    for (int execution = 17; execution < 27; execution++) {
      long mine = execution;
      List<List<Integer>> byThread =
          AtOnce.find(8, thread -> claimAll(layouts, mine, claimIn(database, checkpoints)));
      assertThat(byThread.stream().flatMap(List::stream)).hasSize(60).doesNotHaveDuplicates();
    }
  }

  @EveryDatabase
  void skipsWhatAnotherIsClaimingWithoutWaitingForIt(TestDatabase databases) throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 10, 30, 20);
    List<Integer> inside = new ArrayList<>();
    Optional<Claimed> outer = layouts.claim(LAYOUT, 17, "process", null, found -> {
      for (int i = 0; i < 2; i++) { // a third would be the one that is being claimed
        inside.add(claim(layouts, 17, null).orElseThrow().partition().key().number());
      }
      return raising().claim(found);
    });
    assertThat(outer.orElseThrow().partition().key()).isEqualTo(P2);
    assertThat(inside).containsExactly(3, 1);
  }

  @EveryDatabase
  void claimsAgainWhatItRunsAndNothingElse(TestDatabase databases) throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 10);
    claim(layouts, 17, null);
    Claimed again = layouts.reclaim(P1, 17, "process", raising());
    assertThat(again.partition())
        .isEqualTo(
            new PartitionState(P1, "slice 1", 10, Status.STARTED, 1, 2, 17, Tally.ZERO, null));
    assertThat(layouts.partitions(LAYOUT, 0, 10)).containsExactly(again.partition());

    assertThatThrownBy(() -> layouts.reclaim(P1, 17, "another", raising()))
        .isInstanceOf(SupersededException.class);
    claim(layouts, 18, null);
    assertThatThrownBy(() -> layouts.reclaim(P1, 17, "process", raising()))
        .isInstanceOf(SupersededException.class)
        .hasMessage(
            "partition p1 is owned by another attempt: execution 17 does not run it any more");
    layouts.ended(P1, 3, Status.FAILED, Tally.ZERO, "its process died");
    assertThatThrownBy(() -> layouts.reclaim(P1, 18, "process", raising()))
        .as("it was settled")
        .isInstanceOf(SupersededException.class);
  }

  @EveryDatabase
  void hearsOnlyTheOwnerOfAPartition(TestDatabase databases) throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 10);
    claim(layouts, 17, null);
    claim(layouts, 18, null);
    layouts.progress(List.of(new Progress(P1, 1, TALLY)));
    layouts.ended(P1, 1, Status.COMPLETED, TALLY, null);
    assertThat(layouts.partitions(LAYOUT, 0, 10))
        .containsExactly(
            new PartitionState(P1, "slice 1", 10, Status.STARTED, 2, 2, 18, Tally.ZERO, null));
    layouts.progress(List.of());
    layouts.progress(List.of(new Progress(P1, 2, TALLY)));
    assertThat(layouts.partitions(LAYOUT, Status.STARTED).get(0).tally()).isEqualTo(TALLY);
    layouts.ended(P1, 2, Status.FAILED, TALLY, "line 7: no number");
    layouts.progress(List.of(new Progress(P1, 2, Tally.ZERO)));
    assertThat(layouts.partitions(LAYOUT, 0, 10))
        .as("progress that comes late")
        .containsExactly(new PartitionState(
            P1, "slice 1", 10, Status.FAILED, 2, 2, 18, TALLY, "line 7: no number"));
  }

  @EveryDatabase
  void listsPartitionsInPages(TestDatabase databases) throws Exception {
    Layouts layouts = withPartitions(databases.repository(), 1, 2, 3, 4, 5);
    assertThat(layouts.partitions(LAYOUT, 1, 2))
        .extracting(p -> p.key().name())
        .containsExactly("p2", "p3");
    assertThat(layouts.partitions(LAYOUT, 5, 2)).isEmpty();
    claim(layouts, 17, null);
    assertThat(layouts.counts(LAYOUT))
        .containsExactly(Map.entry(Status.STARTING, 4), Map.entry(Status.STARTED, 1));
    assertThat(layouts.counts("unknown")).isEmpty();
  }

  @EveryDatabase
  void storesSlicesThatMoved(TestDatabase databases) {
    Layouts layouts = withPartitions(databases.repository(), 1, 2, 3);
    layouts.moved(LAYOUT, "new facts", Map.of(2, "moved 2", 3, "moved 3"));
    layouts.moved(LAYOUT, "newer facts", Map.of());
    assertThat(layouts.partitions(LAYOUT, 0, 10))
        .extracting(PartitionState::slice)
        .containsExactly("slice 1", "moved 2", "moved 3");
    assertThat(layouts.find(5, "load").orElseThrow().files()).isEqualTo("newer facts");
  }

  @EveryDatabase
  void costsTwoStatementsAClaimAndOneAnEndWhateverElseThereIs(TestDatabase databases)
      throws Exception {
    CountingDataSource counting = new CountingDataSource(databases.repository().dataSource());
    Layouts layouts = withPartitions(new Database("default", counting), new int[3000]);
    counting.reset();
    Claimed claimed = claim(layouts, 17, null).orElseThrow();
    assertThat(counting.count()).isEqualTo(2);
    layouts.ended(claimed.partition().key(), 1, Status.COMPLETED, TALLY, null);
    assertThat(counting.count()).isEqualTo(3);
    assertThat(counting.commits()).isEqualTo(2);
  }

  @Test
  void claims10000PartitionsOnPostgresqlByTheIndex() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.POSTGRESQL)) {
      Database database = databases.repository();
      int[] estimates = IntStream.range(0, 10_000).map(i -> i * 7919 % 1000).toArray();
      Layouts layouts = withPartitions(database, estimates);
      assertThat(claimPlan(database, 1)).contains("TRANCHE_PARTITION_CLAIM").doesNotContain("SORT");
      assertThat(claimPlan(database, 8)).contains("TRANCHE_PARTITION_CLAIM").doesNotContain("SORT");
      assertThat(claimPlan(database, 64))
          .as("many at once")
          .contains("TRANCHE_PARTITION_CLAIM")
          .doesNotContain("SORT");
      List<List<Integer>> byThread = AtOnce.find(4, thread -> completeAll(layouts));
      assertThat(byThread.stream().mapToInt(List::size).sum()).isEqualTo(10_000);
      assertThat(layouts.counts(LAYOUT)).containsExactly(Map.entry(Status.COMPLETED, 10_000));
      assertThat(claimPlan(database, 1)).contains("TRANCHE_PARTITION_CLAIM").doesNotContain("SORT");
      assertThat(claim(layouts, 18, null)).isEmpty();
    }
  }

  private static String claimPlan(Database database, int most) throws SQLException {
    String claim = PartitionRows.lockFree(database.platform(), Numbers.of(null), most);
    Sql explain = new Sql("explain " + claim, LAYOUT, 17, LAYOUT, 17, "process");
    try (Connection connection = database.connect()) {
      if (most > 8) {
        database.platform().readInOrder(connection);
      }
      return String.join("\n", explain.all(connection, row -> row.getString(1))).toUpperCase();
    }
  }

  private static List<Integer> completeAll(Layouts layouts) throws Exception {
    List<Integer> mine = new ArrayList<>();
    Optional<Claimed> claimed = claim(layouts, 17, null);
    while (claimed.isPresent()) {
      PartitionState partition = claimed.get().partition();
      layouts.ended(partition.key(), partition.owner(), Status.COMPLETED, TALLY, null);
      mine.add(partition.key().number());
      claimed = claim(layouts, 17, null);
    }
    return mine;
  }

  private static List<Integer> claimAll(Layouts layouts, long execution, TargetClaim target)
      throws Exception {
    List<Integer> mine = new ArrayList<>();
    while (true) {
      Optional<Claimed> claimed = layouts.claim(LAYOUT, execution, "process", null, target);
      if (claimed.isEmpty()) {
        return mine;
      }
      mine.add(claimed.get().partition().key().number());
    }
  }

  private static Optional<Claimed> claim(
      Layouts layouts, long execution, @Nullable Collection<Integer> only) throws Exception {
    return layouts.claim(LAYOUT, execution, "process", only, raising());
  }

  /** A target that only counts owners up. */
  private static TargetClaim raising() {
    return found -> new Claim(new Fence(found.key(), found.owner() + 1, 0), Checkpoint.START);
  }

  private static List<Claim> raisingAll(List<PartitionState> found) throws Exception {
    List<Claim> claims = new ArrayList<>();
    for (PartitionState each : found) {
      claims.add(raising().claim(each));
    }
    return claims;
  }

  private static List<Claim> claimAllIn(
      Database database, Checkpoints checkpoints, List<PartitionState> found) throws Exception {
    try (Connection connection = database.connect()) {
      List<Claim> claims = checkpoints.claim(connection, found);
      connection.commit();
      return claims;
    }
  }

  /** The real thing, in the same database as the layout. */
  private static TargetClaim claimIn(Database database, Checkpoints checkpoints) {
    return found -> {
      try (Connection connection = database.connect()) {
        Claim claim = checkpoints.claim(connection, found.key(), found.owner(), false);
        connection.commit();
        return claim;
      }
    };
  }

  private static Layouts withPartitions(Database repository, int... estimates) {
    Layouts layouts = new Layouts(repository);
    layouts.create(step("load", LAYOUT), partitions(estimates).iterator());
    return layouts;
  }

  private static List<NewPartition> partitions(int... estimates) {
    return IntStream.range(0, estimates.length)
        .mapToObj(i -> new NewPartition("slice " + (i + 1), estimates[i]))
        .toList();
  }

  private static StepState step(String name, String layout) {
    Map<String, String> placeholders = new LinkedHashMap<>();
    placeholders.put("b", "2");
    placeholders.put("a", "é\0");
    return new StepState(
        5, name, layout, StepState.Phase.PLANNED, 0, placeholders, "facts", "default", "v1");
  }
}

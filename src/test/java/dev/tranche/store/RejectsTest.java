package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tranche.testing.CountingDataSource;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

class RejectsTest {

  private static final PartitionKey P1 = new PartitionKey("layout", 1);
  private static final PartitionKey P2 = new PartitionKey("layout", 2);

  @EveryDatabase
  void keepsRejectsByPartitionAndPlace(TestDatabase databases) throws SQLException {
    Database database = databases.target();
    Rejects rejects = new Rejects(database.platform());
    Reject early = reject(3, "a;b\r\n\"c\" \ud83d\ude00", "magnitude");
    Reject late = reject(1L << 40, "x".repeat(3_000_000), null);
    try (Connection connection = database.connect()) {
      rejects.insert(connection, P2, List.of(early));
      rejects.insert(connection, P1, List.of(late, early));
      rejects.insert(connection, new PartitionKey("another", 1), List.of(early));
      rejects.insert(connection, P1, List.of());
      connection.commit();
      assertThat(rejects.find(connection, "layout", 0, 10))
          .extracting(Rejects.Stored::partition, Rejects.Stored::reject)
          .containsExactly(tuple(P1, early), tuple(P1, late), tuple(P2, early));
      assertThat(rejects.find(connection, "layout", 1, 1))
          .extracting(Rejects.Stored::partition, Rejects.Stored::reject)
          .containsExactly(tuple(P1, late));
      assertThat(rejects.count(connection, "layout")).isEqualTo(3);
      assertThat(rejects.find(connection, "layout", 3, 1)).isEmpty();
    }
  }

  @EveryDatabase
  void areGroupedByFingerprintWithCountsAndTheFirstOnes(TestDatabase databases)
      throws SQLException {
    Database database = databases.target();
    Rejects rejects = new Rejects(database.platform());
    try (Connection connection = database.connect()) {
      rejects.insert(connection, P1, List.of(reject(1, "a", "x", "rare")));
      for (int i = 0; i < 5; i++) {
        rejects.insert(connection, P2, List.of(reject(i, "b" + i, "y", "often")));
      }
      rejects.insert(
          connection, new PartitionKey("another", 1), List.of(reject(1, "c", "x", "rare")));
      take(connection, rejects, 7, rejects.find(connection, "layout", 2, 2));

      List<Rejects.Group> groups = rejects.groups(connection, "layout", 3);

      assertThat(groups).extracting(Rejects.Group::count).containsExactly(5L, 1L);
      assertThat(groups).extracting(Rejects.Group::taken).containsExactly(2L, 0L);
      assertThat(groups.get(0).samples())
          .extracting(sample -> sample.reject().original())
          .containsExactly("b0", "b1", "b2");
      assertThat(groups.get(1).samples()).hasSize(1);
    }
  }

  @EveryDatabase
  void areTakenByWhoCommitsFirstAndByNobodyElse(TestDatabase databases) throws SQLException {
    Database database = databases.target();
    Rejects rejects = new Rejects(database.platform());
    try (Connection connection = database.connect()) {
      List<Reject> many = IntStream.range(0, 1200).mapToObj(i -> reject(i, "a" + i, null)).toList();
      rejects.insert(connection, P1, many);
      rejects.insert(connection, P2, List.of(reject(7, "b", null)));
      List<Rejects.Stored> all = rejects.find(connection, "layout", 0, 2000);

      assertThat(take(connection, rejects, 7, all.subList(0, 1100))).isEqualTo(1100);
      connection.commit();
      assertThat(take(connection, rejects, 8, all.subList(1090, 1110))).isEqualTo(10);
      connection.rollback();

      assertThat(rejects.find(connection, "layout", 1090, 20))
          .extracting(Rejects.Stored::takenBy)
          .startsWith(7L)
          .endsWith((Long) null);
      assertThat(rejects.open(connection, "layout"))
          .containsExactly(
              new Rejects.Open(P1, 100, all.get(1199).id()),
              new Rejects.Open(P2, 1, all.get(1200).id()));
      assertThat(rejects.next(connection, P1, -1, 0, all.get(1150).id(), 3))
          .isEqualTo(all.subList(1100, 1103));
      assertThat(
              rejects.next(
                  connection, P1, 1148, all.get(1148).id(), all.get(1150).id(), 9))
          .isEqualTo(all.subList(1149, 1151));
    }
  }

  private static int take(
      Connection connection, Rejects rejects, long execution, List<Rejects.Stored> taken)
      throws SQLException {
    return rejects.take(
        connection,
        new Reject.Taken(execution, taken.stream().map(Rejects.Stored::id).toList()));
  }

  @EveryDatabase
  void belongToTheTransactionThatIsOpen(TestDatabase databases) throws SQLException {
    CountingDataSource counting = new CountingDataSource(databases.target().dataSource());
    Database database = new Database("target", counting);
    Rejects rejects = new Rejects(database.platform());
    try (Connection connection = database.connect()) {
      rejects.insert(connection, P1, List.of(reject(1, "a", null), reject(2, "b", null)));
      assertThat(counting.count()).as("one batch").isEqualTo(1);
      connection.rollback();
      assertThat(rejects.find(connection, "layout", 0, 10)).isEmpty();
    }
  }

  @EveryDatabase
  void keepsTextWithTheCharacterZero(TestDatabase databases) throws SQLException {
    Database database = databases.target();
    Rejects rejects = new Rejects(database.platform());
    try (Connection connection = database.connect()) {
      rejects.insert(connection, P1, List.of(reject(1, "a\0b", "c\0")));
      boolean postgres = databases.kind() == TestDatabase.Kind.POSTGRESQL;
      assertThat(rejects.find(connection, "layout", 0, 10).get(0).reject())
          .isEqualTo(postgres ? reject(1, "a␀b", "c␀") : reject(1, "a\0b", "c\0"));
    }
  }

  private static Reject reject(long ordinal, String original, @Nullable String column) {
    return reject(ordinal, original, column, "NumberFormatException magnitude");
  }

  private static Reject reject(
      long ordinal, String original, @Nullable String column, String fingerprint) {
    return new Reject(
        ordinal,
        "process",
        "quakes.csv",
        ordinal + 2,
        -1,
        column,
        original,
        "java.lang.NumberFormatException",
        "For input string: \"x\"",
        fingerprint);
  }
}

package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.CountingDataSource;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
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
          .containsExactly(
              new Rejects.Stored(P1, early),
              new Rejects.Stored(P1, late),
              new Rejects.Stored(P2, early));
      assertThat(rejects.find(connection, "layout", 1, 1))
          .containsExactly(new Rejects.Stored(P1, late));
      assertThat(rejects.find(connection, "layout", 3, 1)).isEmpty();
    }
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
        "NumberFormatException magnitude");
  }
}

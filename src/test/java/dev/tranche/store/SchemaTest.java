package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

class SchemaTest {

  @EveryDatabase
  void createsAllTablesFromEightThreadsAtOnce(TestDatabase databases) throws Exception {
    for (int round = 0; round < 5; round++) {
      Database database = databases.empty("round" + round);
      AtOnce.run(8, thread -> Schema.initialize(database, Schema.Part.REPOSITORY));
      Schema.check(database, Schema.Part.REPOSITORY);
    }
  }

  @EveryDatabase
  void keepsWhatIsThere(TestDatabase databases) throws SQLException {
    Database database = databases.repository();
    execute(database, "drop table TRANCHE_PARTITION");
    execute(database, "insert into TRANCHE_RUN values (1, 2, 'process', 3, true, false, 0, 0)");
    Schema.initialize(database, Schema.Part.REPOSITORY);
    Schema.check(database, Schema.Part.REPOSITORY);
    execute(database, "update TRANCHE_RUN set EPOCH = 1 / (EPOCH - 2) where EPOCH = 3");
  }

  @EveryDatabase
  void addsToTablesOfAnEarlierVersionWhatTheyLack(TestDatabase databases) throws Exception {
    Database target = databases.target();
    execute(target, "alter table TRANCHE_REJECT drop column TAKEN_BY");
    execute(target, "alter table TRANCHE_CHECKPOINT drop column ITEMS_READ_SKIPS");
    execute(target, "alter table TRANCHE_CHECKPOINT drop column ITEMS_WRITE_SKIPS");
    assertThatThrownBy(() -> Schema.check(target, Schema.Part.TARGET))
        .hasMessageContaining(
            "lacks TRANCHE_CHECKPOINT.ITEMS_WRITE_SKIPS, TRANCHE_REJECT.TAKEN_BY."
                + " Let Tranche create what is missing");

    AtOnce.run(8, thread -> Schema.initialize(target, Schema.Part.TARGET));

    Schema.check(target, Schema.Part.TARGET);
    execute(target, "update TRANCHE_REJECT set TAKEN_BY = 1 where TAKEN_BY is null");
    execute(target, "update TRANCHE_CHECKPOINT set ITEMS_READ_SKIPS = ITEMS_WRITE_SKIPS + 1");
  }

  @EveryDatabase
  void saysWhichTablesAreMissingAndWhatToDo(TestDatabase databases) throws SQLException {
    Database target = databases.empty("warehouse");
    String script = switch (databases.kind()) {
      case POSTGRESQL -> "schema-target-postgresql.sql";
      case MARIADB -> "schema-target-mariadb.sql";
      case H2_FILE, H2_MEMORY -> "schema-target-h2.sql";
    };
    assertThatThrownBy(() -> Schema.check(target, Schema.Part.TARGET))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "database 'warehouse' lacks TRANCHE_CHECKPOINT, TRANCHE_REJECT. Let Tranche create what"
                + " is missing (initialize-schema: always), or run "
                + script
                + " there, from dev/tranche/store in tranche.jar");

    Database repository = databases.repository();
    execute(repository, "drop table TRANCHE_STEP");
    assertThatThrownBy(() -> Schema.check(repository, Schema.Part.REPOSITORY))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(
            "the job repository's database lacks TRANCHE_STEP. Let Tranche create");
  }

  private static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      connection.commit();
    }
  }
}

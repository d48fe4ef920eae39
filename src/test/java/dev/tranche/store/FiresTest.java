package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

class FiresTest {

  @EveryDatabase
  void aProcessThatWasTakenForDeadChangesNothingAboutItsFire(TestDatabase databases)
      throws SQLException {
    Database database = databases.repository();
    String batch = switch (databases.kind()) {
      case POSTGRESQL -> "schema-postgresql.sql";
      case MARIADB -> "schema-mariadb.sql";
      case H2_FILE, H2_MEMORY -> "schema-h2.sql";
    };
    try (Connection connection = database.connect()) {
      ScriptUtils.executeSqlScript(
          connection, new ClassPathResource("org/springframework/batch/core/" + batch));
      connection.commit();
    }
    Schema.initialize(database, Schema.Part.SERVICE);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into TRANCHE_FIRE values ('mark', 1000, false, 'RUNNING', null, 1000, 'one', null)");
      connection.commit();
    }
    Fires fires = new Fires(database, "BATCH_");
    Fire ofOne = fires.find("mark", Instant.ofEpochMilli(1000)).orElseThrow();

    assertThat(fires.takeOver(ofOne, "two")).isTrue();
    assertThat(fires.takeOver(ofOne, "three")).as("somebody else was first").isFalse();
    assertThat(fires.runs(ofOne, 7)).isFalse();
    assertThat(fires.end(ofOne, Fire.State.RAN, null, 7)).isFalse();

    Fire ofTwo = fires.find("mark", ofOne.time()).orElseThrow();
    assertThat(ofTwo.state()).isEqualTo(Fire.State.RUNNING);
    assertThat(ofTwo.process()).isEqualTo("two");
    assertThat(ofTwo.execution()).isZero();
    assertThat(fires.end(ofTwo, Fire.State.RAN, null, 8)).isTrue();
  }
}

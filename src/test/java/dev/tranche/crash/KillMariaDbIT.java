package dev.tranche.crash;

import dev.tranche.testing.MariaDb;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code kill -9} in mid-load, with repository and target in MariaDB. */
class KillMariaDbIT extends Kills {

  @Test
  void everyEarthquakeIsThereOnceHoweverOftenItsLoadWasKilled() throws Exception {
    killAndRestart();
  }

  @Override
  int killsByDefault() {
    return 5;
  }

  @Override
  Load load(Installation fresh) {
    MariaDb mariaDb = MariaDb.database();
    Installation installation = fresh.on(mariaDb);
    Counter counter = Counter.Target.inMariaDb(mariaDb.dataSource());
    return new Load() {

      @Override
      public Installation installation() {
        return installation;
      }

      @Override
      public Counter counter() {
        return counter;
      }

      @Override
      public Connection connect() throws SQLException {
        return mariaDb.dataSource().getConnection();
      }

      @Override
      public void close() {
        mariaDb.close();
      }
    };
  }
}

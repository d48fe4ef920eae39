package dev.tranche.crash;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code kill -9} in mid-load, with everything in the embedded H2 database. */
class KillH2IT extends Kills {

  @Test
  void everyEarthquakeIsThereOnceHoweverOftenItsLoadWasKilled() throws Exception {
    killAndRestart();
  }

  @Override
  Load load(Installation fresh) {
    Installation installation =
        fresh
            .set("logging.level.dev.tranche.chunk", "DEBUG")
            .set("logging.threshold.console", "DEBUG");
    Counter counter = new Counter.Log();
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
        String file = installation.directory().resolve("var/tranche").toString();
        return DriverManager.getConnection("jdbc:h2:file:" + file + ";WRITE_DELAY=0", "sa", "");
      }

      @Override
      public void close() {}
    };
  }
}

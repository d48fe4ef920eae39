package dev.tranche.crash;

import dev.tranche.testing.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code kill -9} in mid-load, with repository and target in PostgreSQL. */
class KillPostgresIT extends Kills {

  @Test
  void everyEarthquakeIsThereOnceHoweverOftenItsLoadWasKilled() throws Exception {
    killAndRestart();
  }

  @Override
  Load load(Installation fresh) {
    Postgres postgres = Postgres.database();
    Installation installation = fresh.on(postgres);
    Counter counter = Counter.Target.inPostgres(postgres.dataSource());
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
        return postgres.dataSource().getConnection();
      }

      @Override
      public void close() {
        postgres.close();
      }
    };
  }
}

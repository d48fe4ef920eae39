package dev.tranche.crash;

import dev.tranche.testing.Postgres;
import javax.sql.DataSource;
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
    DataSource target = postgres.dataSource();
    return new Load(fresh.on(postgres), Counter.Target.inPostgres(target), target, postgres::close);
  }
}

package dev.tranche.crash;

import dev.tranche.testing.MariaDb;
import javax.sql.DataSource;
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
    DataSource target = mariaDb.dataSource();
    return new Load(fresh.on(mariaDb), Counter.Target.inMariaDb(target), target, mariaDb::close);
  }
}

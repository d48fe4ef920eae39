package dev.tranche.crash;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

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
    String file = installation.directory().resolve("var/tranche").toString();
    DataSource target =
        new DriverManagerDataSource("jdbc:h2:file:" + file + ";WRITE_DELAY=0", "sa", "");
    return new Load(installation, new Counter.Log(), target, () -> {});
  }
}

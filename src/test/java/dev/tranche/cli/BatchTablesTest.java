package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcProperties;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class BatchTablesTest {

  private final AtomicInteger scripts = new AtomicInteger();

  @EveryDatabase
  void areCreatedOnceAndCompletedIfAScriptBrokeOff(TestDatabase database) {
    DataSource dataSource = database.empty("batch").dataSource();
    JdbcClient sql = JdbcClient.create(dataSource);

    start(dataSource);
    assertThat(scripts).hasValue(1);
    assertThat(sql.sql("select count(*) from BATCH_JOB_INSTANCE")
            .query(Integer.class)
            .single())
        .isZero();

    start(dataSource);
    assertThat(scripts).hasValue(1);

    sql.sql("drop sequence BATCH_JOB_INSTANCE_SEQ").update();
    start(dataSource);
    assertThat(scripts).hasValue(2);
    start(dataSource);
    assertThat(scripts).hasValue(2);
  }

  private void start(DataSource dataSource) {
    BatchJdbcProperties properties = new BatchJdbcProperties();
    properties.setInitializeSchema(DatabaseInitializationMode.ALWAYS);
    BatchTables tables = new BatchTables(dataSource, properties) {
      @Override
      protected void customize(ResourceDatabasePopulator populator) {
        scripts.incrementAndGet();
      }
    };
    tables.setResourceLoader(new DefaultResourceLoader());
    tables.initializeDatabase();
  }
}

package dev.tranche.cli;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchDataSourceScriptDatabaseInitializer;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcProperties;

/**
 * Spring Batch's tables, created as Boot creates them, but only where they are missing.
 *
 * <p>Boot runs the script at every start and overlooks that all of it fails. That is the start of
 * every verb here, and H2 and PostgreSQL write each failure into a log.
 */
class BatchTables extends BatchDataSourceScriptDatabaseInitializer {

  /** The script ends with these; so if they are there, all of it is. */
  private static final String THREE =
      " in ('batch_step_execution_seq', 'batch_job_execution_seq', 'batch_job_instance_seq')";

  private static final String SEQUENCES =
      "select count(*) from information_schema.sequences where sequence_schema = current_schema"
          + " and lower(sequence_name)"
          + THREE;

  /** There, a sequence is a kind of table. */
  private static final String MARIADB_SEQUENCES =
      "select count(*) from information_schema.tables where table_schema = database()"
          + " and table_type = 'SEQUENCE' and lower(table_name)"
          + THREE;

  BatchTables(DataSource dataSource, BatchJdbcProperties properties) {
    super(dataSource, properties);
  }

  @Override
  protected void runScripts(Scripts scripts) {
    if (!areThere()) {
      super.runScripts(scripts);
    }
  }

  private boolean areThere() {
    try (Connection connection = Objects.requireNonNull(getDataSource()).getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sequences(connection))) {
      return result.next() && result.getInt(1) == 3;
    } catch (SQLException unknownHere) {
      return false;
    }
  }

  private static String sequences(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    return product.equals("MariaDB") ? MARIADB_SEQUENCES : SEQUENCES;
  }
}

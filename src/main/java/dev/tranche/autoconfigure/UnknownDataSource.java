package dev.tranche.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Stands for the job repository's data source in an application that does not tell which it is. Only
 * who uses it is refused, so that an application that does not use Tranche starts as before.
 */
final class UnknownDataSource extends AbstractDataSource {

  private final String message;

  /** @param candidates how many data sources the application has */
  UnknownDataSource(long candidates) {
    message =
        candidates == 0
            ? "this application has no DataSource. Set spring.datasource.url"
            : "this application has "
                + candidates
                + " DataSources, and Tranche cannot tell which one is the job repository's. Mark it"
                + " with @BatchDataSource or @Primary";
  }

  @Override
  public Connection getConnection() throws SQLException {
    throw new SQLException(message);
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return getConnection();
  }
}

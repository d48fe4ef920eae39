package dev.tranche.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/** Tranche's tables as they were before there was a service: the scripts are those of then. */
public final class EarlierSchema {

  private static final String SCRIPTS = "dev/tranche/store/before-service/";

  private EarlierSchema() {}

  /** Creates them in a database without any. */
  public static void create(TestDatabase.Kind kind, Connection connection) {
    String product = switch (kind) {
      case POSTGRESQL -> "postgresql";
      case MARIADB -> "mariadb";
      case H2_FILE, H2_MEMORY -> "h2";
    };
    for (String part : new String[] {"target", "repository"}) {
      ScriptUtils.executeSqlScript(
          connection, new ClassPathResource(SCRIPTS + "schema-" + part + "-" + product + ".sql"));
    }
  }

  /** Takes away the tables and columns that were added since; what the others hold stays. */
  public static void putBack(TestDatabase databases, String name) throws SQLException {
    Set<String> then;
    try (Connection earlier = connect(databases, "earlier")) {
      create(databases.kind(), earlier);
      then = columns(earlier);
    }
    try (Connection now = connect(databases, name);
        Statement statement = now.createStatement()) {
      Set<String> added = columns(now);
      added.removeAll(then);
      for (String each : added) {
        String[] column = each.split("\\.");
        boolean tableIsNew = then.stream().noneMatch(it -> it.startsWith(column[0] + "."));
        statement.execute(
            tableIsNew
                ? "drop table if exists " + column[0]
                : "alter table " + column[0] + " drop column " + column[1]);
      }
    }
  }

  private static Connection connect(TestDatabase databases, String name) throws SQLException {
    DataSource source = databases.empty(name).dataSource();
    Connection connection = source.getConnection();
    connection.setAutoCommit(true);
    return connection;
  }

  private static Set<String> columns(Connection connection) throws SQLException {
    Set<String> columns = new TreeSet<>();
    try (ResultSet rows =
        connection
            .getMetaData()
            .getColumns(connection.getCatalog(), connection.getSchema(), null, null)) {
      while (rows.next()) {
        String table = rows.getString("TABLE_NAME").toUpperCase(Locale.ROOT);
        if (table.startsWith("TRANCHE_")) {
          columns.add(table + "." + rows.getString("COLUMN_NAME").toUpperCase(Locale.ROOT));
        }
      }
    }
    return columns;
  }
}

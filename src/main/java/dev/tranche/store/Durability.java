package dev.tranche.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Whether a database keeps what it has committed when its process is killed. */
public final class Durability {

  private static final String WRITE_DELAY =
      "select SETTING_VALUE from INFORMATION_SCHEMA.SETTINGS where SETTING_NAME = 'WRITE_DELAY'";

  private Durability() {}

  /**
   * Refuses an H2 database in a file that writes what is committed half a second later.
   *
   * @throws StoreException with the right URL
   */
  public static void require(Database database) {
    database.transact(
        "ask how it writes",
        (connection, platform) -> {
          if (platform == Platform.H2 && isDelayed(connection)) {
            throw new StoreException(refusal(database, connection));
          }
          return database;
        });
  }

  private static boolean isDelayed(Connection connection) throws SQLException {
    String url = connection.getMetaData().getURL();
    return !url.startsWith("jdbc:h2:mem:") && delay(connection) != 0;
  }

  private static int delay(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(WRITE_DELAY)) {
      return row.next() ? row.getInt(1) : 500;
    }
  }

  private static String refusal(Database database, Connection connection) throws SQLException {
    return database.describe()
        + " would lose what it committed if its process were killed: H2 writes it to the file up to "
        + delay(connection)
        + " ms later. Add ;WRITE_DELAY=0 to its URL: "
        + connection.getMetaData().getURL()
        + ";WRITE_DELAY=0";
  }
}

package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class DatabaseTest {

  @EveryDatabase
  void knowsItsProduct(TestDatabase databases) throws SQLException {
    assertThat(databases.empty("t").platform().name())
        .isEqualTo(databases.kind().name().replaceAll("_.*", ""));
  }

  @EveryDatabase
  void lendsConnectionsInReadCommittedWithoutAutoCommit(TestDatabase databases)
      throws SQLException {
    try (Connection connection = databases.empty("t").connect()) {
      assertThat(connection.getAutoCommit()).isFalse();
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  /** A "pool" of one connection that puts nothing right by itself. */
  @EveryDatabase
  void givesConnectionsBackAsTheyCameAndRollsBack(TestDatabase databases) throws SQLException {
    databases.empty("t");
    TestDatabase.Address address = databases.address("t");
    SingleConnectionDataSource single =
        new SingleConnectionDataSource(address.url(), address.username(), address.password(), true);
    Connection raw = single.getConnection();
    raw.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    execute(raw, "create table T (I int)");

    Database database = new Database("t", single);
    try (Connection connection = database.connect()) {
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
      execute(connection, "insert into T values (1)");
    }

    assertThat(raw.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
    assertThat(raw.getAutoCommit()).isTrue();
    try (Statement statement = raw.createStatement();
        var rows = statement.executeQuery("select count(*) from T")) {
      rows.next();
      assertThat(rows.getInt(1)).isZero();
    }
    single.destroy();
  }

  @EveryDatabase
  void throwsTheDriversOwnErrors(TestDatabase databases) throws SQLException {
    try (Connection connection = databases.empty("t").connect()) {
      assertThatThrownBy(() -> execute(connection, "no sql")).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void asksForTheProductAtTheFirstUseOnly() {
    Database database = new Database("t", new DelegatingDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        throw new SQLException("down", "08001");
      }
    });
    assertThat(database.name()).isEqualTo("t");
    assertThatThrownBy(database::platform).isInstanceOf(SQLException.class);
  }

  @Test
  void refusesAProductItDoesNotKnow() {
    Database database = new Database("warehouse", new Posing("SQLite"));
    assertThatThrownBy(database::platform)
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "database 'warehouse' is SQLite, where Tranche cannot keep its state. Use one of: H2,"
                + " PostgreSQL, MariaDB");
  }

  @Test
  void keepsPasswordsOutOfItsMessages() {
    assertThat(new StoreException(
                "no driver for jdbc:postgresql://me:s3cret@host/x?user=u&password=s3cret&ssl=1"
                    + " or jdbc:h2:mem:x;USER=sa;PASSWORD=s3cret;MODE=y")
            .getMessage())
        .isEqualTo("no driver for jdbc:postgresql://***@host/x?user=u&password=***&ssl=1"
            + " or jdbc:h2:mem:x;USER=sa;PASSWORD=***;MODE=y");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** An H2 that says it is something else. */
  private static final class Posing extends DelegatingDataSource {

    private final String product;

    Posing(String product) {
      super(h2());
      this.product = product;
    }

    private static JdbcDataSource h2() {
      JdbcDataSource h2 = new JdbcDataSource();
      h2.setUrl("jdbc:h2:mem:");
      return h2;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      DatabaseMetaData metaData = proxy(
          DatabaseMetaData.class, "getDatabaseProductName", product, connection.getMetaData());
      return proxy(Connection.class, "getMetaData", metaData, connection);
    }

    private static <T> T proxy(Class<T> type, String method, Object answer, T target) {
      return type.cast(Proxy.newProxyInstance(
          Posing.class.getClassLoader(),
          new Class<?>[] {type},
          (proxy, called, arguments) ->
              called.getName().equals(method) ? answer : called.invoke(target, arguments)));
    }
  }
}

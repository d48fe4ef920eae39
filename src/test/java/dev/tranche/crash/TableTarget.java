package dev.tranche.crash;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A table without a key, which Tranche fills, or a bean in its transaction. */
record TableTarget(Site site, boolean bean) implements Target {

  private static final String CREATE =
      "create table orders (id bigint, customer varchar(100), amount bigint, placed date,"
          + " note varchar(200), worth varchar(10))";

  @Override
  public void prepare(Installation installation) throws Exception {
    if (bean) {
      try (Connection target = site.target();
          Statement statement = target.createStatement()) {
        statement.execute(CREATE);
      }
      installation.beans(LoadBeans.class, LoadBeans.Calls.class);
    }
  }

  @Override
  public List<String> rows() throws SQLException {
    try (Connection target = site.target()) {
      return exists(target)
          ? Texts.of(target, "select id, customer, amount, placed, note, worth from orders")
          : List.of();
    }
  }

  private static boolean exists(Connection connection) throws SQLException {
    for (String name : List.of("orders", "orders".toUpperCase(Locale.ROOT))) {
      try (ResultSet tables =
          connection.getMetaData().getTables(connection.getCatalog(), null, name, null)) {
        if (tables.next()) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public @Nullable Growth growth() {
    Path file = site.file();
    return file == null ? null : new Growth(file, 2_000);
  }
}

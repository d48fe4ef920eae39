package dev.tranche.crash;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** H2 files, opened by the child itself: one, or one each for repository and target. */
record H2Site(Path directory, boolean two) implements Site {

  @Override
  public Installation settle(Installation installation) {
    return two
        ? installation
            .set("tranche.connections.warehouse.url", url("warehouse") + ";AUTO_SERVER=TRUE")
            .set("tranche.connections.warehouse.username", "sa")
            .set("tranche.connections.warehouse.password", "")
        : installation;
  }

  private String url(String name) {
    return "jdbc:h2:file:" + directory.resolve("var").resolve(name) + ";WRITE_DELAY=0";
  }

  @Override
  public Connection repository() throws SQLException {
    return DriverManager.getConnection(url("tranche"), "sa", "");
  }

  @Override
  public Connection target() throws SQLException {
    return DriverManager.getConnection(url(two ? "warehouse" : "tranche"), "sa", "");
  }

  @Override
  public @Nullable Line line(Role role) {
    return null;
  }

  @Override
  public Path file() {
    return directory.resolve("var/tranche.mv.db");
  }

  @Override
  public @Nullable Server server() {
    return null;
  }

  /** A session ends with the child, which is the database. */
  @Override
  public List<String> sessions(boolean locked) {
    return List.of();
  }

  @Override
  public void close() {}
}

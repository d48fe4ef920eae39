package dev.tranche.crash;

import dev.tranche.testing.MariaDb;
import dev.tranche.testing.MariaDbServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Databases of a MariaDB server, each behind a line: one, or one each for repository and target. */
final class MariaDbSite implements Site {

  private final @Nullable MariaDbServer server;
  private final MariaDb repository;
  private final MariaDb target;
  private final Line toRepository;
  private final Line toTarget;

  /** @param server null: the one that all tests share */
  MariaDbSite(@Nullable MariaDbServer server, boolean two) {
    this.server = server;
    repository = database(server);
    int port = Integer.parseInt(repository.url().replaceFirst(".*:(\\d+)/.*", "$1"));
    target = two ? database(server) : repository;
    toRepository = new Line(port, MariaDbListener::new);
    toTarget = two ? new Line(port, MariaDbListener::new) : toRepository;
  }

  private static MariaDb database(@Nullable MariaDbServer server) {
    return server == null ? MariaDb.database() : MariaDb.database(server);
  }

  @Override
  public Installation settle(Installation installation) {
    installation
        .set("spring.datasource.url", toRepository.through(repository.url()))
        .set("spring.datasource.username", repository.username())
        .set("spring.datasource.password", repository.password())
        .set("spring.datasource.hikari.connection-timeout", "3000");
    if (target != repository) {
      installation
          .set("tranche.connections.warehouse.url", toTarget.through(target.url()))
          .set("tranche.connections.warehouse.username", target.username())
          .set("tranche.connections.warehouse.password", target.password());
    }
    return installation;
  }

  @Override
  public Connection repository() throws SQLException {
    return repository.dataSource().getConnection();
  }

  @Override
  public Connection target() throws SQLException {
    return target.dataSource().getConnection();
  }

  @Override
  public Line line(Role role) {
    return role == Role.REPOSITORY ? toRepository : toTarget;
  }

  @Override
  public @Nullable Path file() {
    return null;
  }

  @Override
  public @Nullable Server server() {
    return server == null ? null : new Own(server);
  }

  private record Own(MariaDbServer server) implements Server {

    @Override
    public void kill(boolean nine) {
      server.kill(nine);
    }

    @Override
    public void restart() throws IOException {
      server.restart();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  @Override
  public List<String> sessions(boolean locked) throws SQLException {
    String where = " where p.DB in ('" + repository.name() + "', '" + target.name() + "')"
        + " and p.ID <> connection_id()";
    String sql = "select p.DB, p.STATE, p.INFO from information_schema.PROCESSLIST p"
        + (locked ? " join information_schema.INNODB_TRX t on t.TRX_MYSQL_THREAD_ID = p.ID" : "")
        + where;
    List<String> sessions = new ArrayList<>();
    try (Connection connection = repository();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        sessions.add(rows.getString(1) + " " + rows.getString(2) + ": " + rows.getString(3));
      }
    }
    return sessions;
  }

  @Override
  public void close() {
    toRepository.close();
    toTarget.close();
    repository.close();
    if (target != repository) {
      target.close();
    }
  }
}

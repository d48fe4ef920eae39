package dev.tranche.crash;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Databases of a server, each behind a line: one, or one each for repository and target. */
final class PostgresSite implements Site {

  private final PostgresServer server;
  private final String repository = "r_" + UUID.randomUUID().toString().replace("-", "");
  private final String target;
  private final Line toRepository;
  private final Line toTarget;

  PostgresSite(PostgresServer server, boolean two) throws SQLException {
    this.server = server;
    this.target = two ? repository.replace('r', 't') : repository;
    this.toRepository = new Line(server.port(), PostgresListener::new);
    this.toTarget = two ? new Line(server.port(), PostgresListener::new) : toRepository;
    server.execute("create database " + repository);
    if (two) {
      server.execute("create database " + target);
    }
  }

  @Override
  public Installation settle(Installation installation) {
    installation
        .set("spring.datasource.url", toRepository.through(server.url(repository)))
        .set("spring.datasource.username", "postgres")
        .set("spring.datasource.password", "")
        .set("spring.datasource.hikari.connection-timeout", "3000");
    if (!target.equals(repository)) {
      installation
          .set("tranche.connections.warehouse.url", toTarget.through(server.url(target)))
          .set("tranche.connections.warehouse.username", "postgres")
          .set("tranche.connections.warehouse.password", "");
    }
    return installation;
  }

  @Override
  public Connection repository() throws SQLException {
    return server.database(repository).getConnection();
  }

  @Override
  public Connection target() throws SQLException {
    return server.database(target).getConnection();
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
    return server.canBeKilled() ? server : null;
  }

  @Override
  public List<String> sessions(boolean locked) throws SQLException {
    List<String> sessions = new ArrayList<>();
    String sql = "select datname, state, query from pg_stat_activity where datname in ('"
        + repository + "', '" + target + "') and backend_type = 'client backend'"
        + (locked ? " and xact_start is not null" : "");
    try (Connection connection = server.database("postgres").getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        sessions.add(rows.getString(1) + " " + rows.getString(2) + ": " + rows.getString(3));
      }
    }
    return sessions;
  }

  @Override
  public void close() throws SQLException {
    toRepository.close();
    toTarget.close();
    server.execute("drop database if exists " + repository + " with (force)");
    server.execute("drop database if exists " + target + " with (force)");
  }
}

package dev.tranche.crash;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The databases of one load: how the child reaches them, and how the laboratory does. */
interface Site extends AutoCloseable {

  /** What stands between the child and a database. */
  enum Role {
    REPOSITORY,
    TARGET
  }

  /** Settings of the child. */
  Installation settle(Installation installation);

  /** Past all lines. */
  Connection repository() throws SQLException;

  Connection target() throws SQLException;

  /** Null where a database is not reached over a line. */
  @Nullable Line line(Role role);

  /** What grows when the target does, if it is a file of the child's. */
  @Nullable Path file();

  /** The server, if it is the laboratory's to kill. */
  @Nullable Server server();

  /** Sessions of children, in words; with {@code locked}, only those inside a transaction. */
  List<String> sessions(boolean locked) throws SQLException;

  @Override
  void close() throws Exception;
}

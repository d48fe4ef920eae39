package dev.tranche;

import javax.sql.DataSource;

/**
 * The connections of {@code tranche.connections}, for an application's own beans: a reader, a
 * processor or a writer that works on one of them takes its data source from here. A bean of this
 * type is there wherever Tranche is; the data sources themselves are no beans, so that the
 * application's own stays the only one.
 *
 * <p>A writer that a step names together with the connection, {@code write: { type: bean, bean: x,
 * connection: y }}, and that writes through {@code dataSource("y")}, takes part in the transaction
 * of the checkpoint. Safe for all threads.
 */
@FunctionalInterface
public interface NamedConnections {

  /**
   * The pool of a connection, which is closed with the application. Nothing is connected to yet.
   *
   * @param name as in {@code tranche.connections.<name>}; or {@code default}, the job repository's
   * @throws IllegalArgumentException if there is none of that name
   */
  DataSource dataSource(String name);
}

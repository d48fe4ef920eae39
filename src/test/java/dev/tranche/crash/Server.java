package dev.tranche.crash;

import java.io.IOException;

/** A database server of the laboratory's own. One thread. */
interface Server extends AutoCloseable {

  /**
   * Ends it with all its sessions, wherever they are.
   *
   * @param nine by {@code kill -9}, else in the quickest way that it offers itself
   */
  void kill(boolean nine) throws IOException, InterruptedException;

  /** Starts it again, on the same port and with what it had committed. */
  void restart() throws IOException;

  @Override
  void close() throws IOException;
}

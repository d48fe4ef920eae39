package dev.tranche.writer;

import dev.tranche.store.Database;
import dev.tranche.store.SupersededException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;

/**
 * What the partitions of a layout wrote aside, and what is made of it, all at once, when all of them
 * are complete.
 *
 * <p>Publishing has a checkpoint, as a partition has, and is claimed in the same way, so that of two
 * processes only one can go through with it. One thread.
 */
public sealed interface Publication permits FilePublication, TablePublication {

  /** What is made, in words: {@code file 'out/day.csv'}. */
  String subject();

  /** What it is made of, in words. */
  String material();

  /** The names of the columns written, in order, by lines; empty if each row has its own. */
  String columns();

  /** What tells the subject apart from all others that this job repository knows. */
  String key() throws SQLException, PublicationException;

  /** @throws PublicationException if something is in the way that is not to be replaced */
  void requireFree() throws PublicationException;

  /** How far the publishing is. */
  enum Progress {
    NOT_BEGUN,
    BEGUN,
    DONE
  }

  Progress progress() throws SQLException;

  /**
   * Makes the place that the partitions write to, or makes sure that it is there with all that
   * counts of it; safe to be called again after whatever it throws.
   *
   * @param progress as it is, and not done
   * @throws SupersededException if another process runs the job instance
   * @throws PublicationException if it cannot be made, or something is missing
   */
  void stage(Progress progress, Hold hold)
      throws SQLException, SupersededException, PublicationException;

  /** Removes what the partitions of a layout of this subject wrote aside. */
  void discard(String layout) throws SQLException, PublicationException;

  /**
   * The run that publishes.
   *
   * @param repository the database that knows whose the run is
   */
  record Hold(Database repository, Check check) {

    /** Whether the run is still this process's, seen in an open transaction of the repository. */
    @FunctionalInterface
    public interface Check {
      boolean holds(Connection connection) throws SQLException;
    }
  }

  /**
   * Publishes if that is not done; safe to be called again after whatever it throws.
   *
   * @param partitions how many there are, all of them complete
   * @param stop whether to give up for now, asked now and then
   * @return false if it was stopped
   * @throws SupersededException if another process publishes
   * @throws PublicationException if it cannot be done as things are
   */
  boolean publish(int partitions, Hold hold, BooleanSupplier stop)
      throws SQLException, SupersededException, PublicationException;
}

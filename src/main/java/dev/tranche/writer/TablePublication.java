package dev.tranche.writer;

import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.SupersededException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Replaces the rows of a table with those of its staging table, in one transaction, which also says
 * in the checkpoint that it is done: a crash at any point leaves both or none.
 *
 * <p>Rows are deleted and inserted, so that views, grants and foreign keys stay as they are and
 * readers see all of the old rows until they see all of the new ones; {@code truncate} would keep
 * readers waiting, and show nothing to those with an older snapshot.
 */
public final class TablePublication implements Publication {

  private final Database database;
  private final StagingTable staging;
  private final String layout;
  private final PublicationCheckpoint checkpoint;

  TablePublication(Database database, StagingTable staging, String layout) {
    this.database = database;
    this.staging = staging;
    this.layout = layout;
    this.checkpoint = PublicationCheckpoint.of(database, layout, "table");
  }

  @Override
  public String subject() {
    return "table '" + target().name() + "'";
  }

  @Override
  public String material() {
    return "the staging table of " + subject();
  }

  private JdbcTable target() {
    return staging.rows().table();
  }

  @Override
  public String columns() {
    return String.join("\n", staging.table().columnNames());
  }

  /** Of one database under two addresses, two runs do not know of each other: the last one wins. */
  @Override
  public String key() throws SQLException {
    try (Connection connection = database.connect()) {
      String address = String.valueOf(connection.getMetaData().getURL()).replaceAll("[?;].*", "");
      return "table " + target().quoted() + " of " + address;
    }
  }

  @Override
  public void requireFree() {
    // To be replaced is what it is for.
  }

  @Override
  public Progress progress() throws SQLException {
    return checkpoint.progress();
  }

  /**
   * Makes the staging table before it says so in the checkpoint: one that is missing later was
   * removed, and the checkpoints of partitions count rows that were in it.
   */
  @Override
  public void stage(Progress progress, Hold hold)
      throws SQLException, SupersededException, PublicationException {
    if (progress == Progress.BEGUN) {
      requireStaging();
      return;
    }
    create();
    try {
      begin(checkpoint.claim(hold));
    } catch (SupersededException late) {
      if (progress() == Progress.DONE) {
        discard(layout); // whoever finished has removed it, before it was made once more here
      }
      throw late;
    }
  }

  private void begin(Claim claim) throws SQLException, SupersededException {
    try (Connection connection = database.connect()) {
      checkpoint.advance(connection, claim.fence(), "staging", Digest.NONE, false);
      connection.commit();
    }
  }

  private void requireStaging() throws SQLException, PublicationException {
    try (Connection connection = database.connect()) {
      if (!staging.exists(connection)) {
        throw lost(connection, "is missing");
      }
    }
  }

  /** What was loaded cannot be loaded again, and a table without it must not look whole. */
  private PublicationException lost(Connection connection, String what) throws SQLException {
    return new PublicationException(
        "staging table " + staging.shown() + " " + what + ", and " + counted(connection)
            + " rows of it count: nothing is replaced. Give this run up and run the job anew");
  }

  private long counted(Connection connection) throws SQLException {
    return new Checkpoints(database.platform()).tally(connection, layout).written();
  }

  private void create() throws SQLException, PublicationException {
    try {
      makeBesideOthers();
    } catch (SQLException error) {
      throw unlessItMayPass(error, "with staging table " + staging.shown() + " beside it");
    }
  }

  /** PostgreSQL's {@code if not exists} fails on a table that another transaction is making. */
  private void makeBesideOthers() throws SQLException {
    try {
      make();
    } catch (SQLException error) {
      if (!SqlErrors.isData(error)) {
        throw error;
      }
      make();
    }
  }

  private void make() throws SQLException {
    try (Connection connection = database.connect()) {
      for (String sql : staging.creation()) {
        StagingTable.execute(connection, sql);
      }
      for (String sql : staging.rehearsal()) {
        StagingTable.execute(connection, sql);
      }
      connection.commit();
    }
  }

  @Override
  public void discard(String layout) throws SQLException {
    StagingTable.drop(database, List.of(layout));
  }

  @Override
  public boolean publish(int partitions, Hold hold, BooleanSupplier stop)
      throws SQLException, SupersededException, PublicationException {
    Claim claim = checkpoint.claim(hold);
    if (claim.checkpoint().complete()) {
      return true;
    }
    if (stop.getAsBoolean()) {
      return false;
    }
    checkpoint.complete(partitions);
    requireStaging();
    try (Connection connection = database.connect()) {
      checkpoint.advance(connection, claim.fence(), "replaced", Digest.NONE, true);
      long there = staging.count(connection);
      if (there != counted(connection)) {
        throw lost(connection, "has " + there + " rows");
      }
      List<String> statements = staging.replacement();
      for (String sql : statements) {
        StagingTable.execute(connection, sql);
      }
      connection.commit();
      return true;
    } catch (SQLException error) {
      throw unlessItMayPass(
          error, "from staging table " + staging.shown() + ", where all its rows are safe");
    }
  }

  private PublicationException unlessItMayPass(SQLException error, String how)
      throws SQLException {
    if (SqlErrors.isOutage(error) || SqlErrors.isTransient(error)) {
      throw error;
    }
    return new PublicationException(
        subject() + " cannot be replaced " + how + ": " + error.getMessage(), error);
  }
}

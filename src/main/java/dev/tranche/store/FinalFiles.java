package dev.tranche.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table TRANCHE_FILE: which step's layout writes a file, or replaces a table, one row for each.
 *
 * <p>A holder keeps a file when it is done, until another one takes it. Every method is a
 * transaction of its own. Safe for all threads.
 */
public final class FinalFiles {

  private static final String INSERT =
      "insert into TRANCHE_FILE (FILE_KEY, FINAL_FILE, LAYOUT, COLUMN_NAMES) values (?, ?, ?, ?)";
  private static final String FIND =
      "select F.LAYOUT, F.COLUMN_NAMES, S.JOB_INSTANCE_ID, S.STEP_NAME, S.PHASE"
          + " from TRANCHE_FILE F left join TRANCHE_STEP S on S.LAYOUT = F.LAYOUT"
          + " where F.FILE_KEY = ?";
  private static final String TAKE_OVER =
      "update TRANCHE_FILE set LAYOUT = ?, COLUMN_NAMES = ? where FILE_KEY = ? and LAYOUT = ?";

  private final Database repository;

  public FinalFiles(Database repository) {
    this.repository = repository;
  }

  /**
   * Who has a file.
   *
   * @param columns the names of the columns it writes, as it first said
   * @param jobInstance of its step; 0 if the step is not in the tables any more
   * @param phase of its step; null if that is not in the tables any more
   */
  public record Holder(
      String layout,
      String columns,
      long jobInstance,
      @Nullable String step,
      StepState.@Nullable Phase phase) {}

  /** Takes {@code file} for {@code layout} if nobody has it; returns who has it now. */
  public Holder take(String file, String layout, String columns) {
    return repository.transact("take file " + file, (connection, platform) -> {
      String key = key(file);
      new Sql(INSERT, key, file, layout, columns).insert(connection, platform);
      return find(connection, key).orElseThrow();
    });
  }

  /** Takes {@code file} away from {@code from}, if that still has it; returns who has it now. */
  public Holder takeOver(String file, Holder from, String layout, String columns) {
    return repository.transact("take file " + file + " over", (connection, platform) -> {
      String key = key(file);
      new Sql(TAKE_OVER, layout, columns, key, from.layout()).update(connection);
      return find(connection, key).orElseThrow();
    });
  }

  private static Optional<Holder> find(Connection connection, String key) throws SQLException {
    return new Sql(FIND, key).first(connection, FinalFiles::holder);
  }

  private static Holder holder(ResultSet row) throws SQLException {
    String phase = row.getString("PHASE");
    return new Holder(
        row.getString("LAYOUT"),
        row.getString("COLUMN_NAMES"),
        row.getLong("JOB_INSTANCE_ID"),
        row.getString("STEP_NAME"),
        phase == null ? null : StepState.Phase.valueOf(phase));
  }

  /** A path may be longer than what an index takes. */
  private static String key(String file) {
    try {
      byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}

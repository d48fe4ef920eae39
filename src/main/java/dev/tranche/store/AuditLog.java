package dev.tranche.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table TRANCHE_AUDIT: who did what, and when.
 *
 * <p>Every method is a transaction of its own. Safe for all threads.
 */
public final class AuditLog {

  private static final String INSERT =
      "insert into TRANCHE_AUDIT (NOTED_AT, USER_NAME, ADDRESS, ACTION, SUBJECT, COMMENT_TEXT)"
          + " values (?, ?, ?, ?, ?, ?)";

  private final Database repository;

  public AuditLog(Database repository) {
    this.repository = repository;
  }

  /** An entry. @param outcome null: nobody lived to note it */
  public record Entry(
      long id,
      Instant at,
      String user,
      String address,
      String action,
      String subject,
      @Nullable String comment,
      @Nullable String outcome) {}

  /** Stores an entry without an outcome; its id and outcome are not looked at. Returns the id. */
  public long begin(Entry entry) {
    return repository.transact("note who does what", (connection, platform) -> {
      try (PreparedStatement insert =
          connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
        insert.setObject(1, LocalDateTime.ofInstant(entry.at(), ZoneOffset.UTC));
        insert.setString(2, platform.text(entry.user()));
        insert.setString(3, entry.address());
        insert.setString(4, entry.action());
        insert.setString(5, platform.text(entry.subject()));
        insert.setString(6, entry.comment() == null ? null : platform.text(entry.comment()));
        insert.executeUpdate();
        try (ResultSet keys = insert.getGeneratedKeys()) {
          keys.next();
          return keys.getLong(1);
        }
      }
    });
  }

  public void end(long id, String outcome) {
    repository.transact(
        "note what came of it",
        (connection, platform) -> new Sql(
                "update TRANCHE_AUDIT set OUTCOME = ? where AUDIT_ID = ?",
                platform.text(outcome),
                id)
            .update(connection));
  }

  /** Newest first, those before {@code before} only. */
  public List<Entry> entries(long before, int limit) {
    Sql find = new Sql(
        "select AUDIT_ID, NOTED_AT, USER_NAME, ADDRESS, ACTION, SUBJECT, COMMENT_TEXT, OUTCOME"
            + " from TRANCHE_AUDIT where AUDIT_ID < ? order by AUDIT_ID desc"
            + " fetch first " + limit + " rows only",
        before);
    return repository.transact(
        "read who did what", (connection, platform) -> find.all(connection, AuditLog::entry));
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getLong(1),
        row.getObject(2, LocalDateTime.class).toInstant(ZoneOffset.UTC),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8));
  }
}

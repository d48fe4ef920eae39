package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A statement of {@link MariaDbSql}. As long as it is open, its session reads times in UTC and takes
 * a 0 for a 0.
 *
 * <p>Refuses what the server would change without an error. Times go as texts, which no setting of
 * the driver turns into those of another zone.
 */
final class MariaDbStatement extends BatchStatement {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS");
  private static final String SET = "set session time_zone = '+00:00', sql_mode ="
      + " concat_ws(',', nullif(@@sql_mode, ''), 'NO_AUTO_VALUE_ON_ZERO')";
  private static final int DECIMAL_SCALE = 30;

  private static final String ASK = "select @@time_zone, @@sql_mode";

  private final Connection connection;
  private @Nullable String zone;
  private @Nullable String mode;

  MariaDbStatement(Connection connection, TableSql sql, RowBinding binding) throws SQLException {
    super(connection, sql, binding);
    this.connection = connection;
    try (Statement session = connection.createStatement()) {
      try (ResultSet was = session.executeQuery(ASK)) {
        was.next();
        if (was.getString(2).contains("NO_AUTO_VALUE_ON_ZERO") && was.getString(1).equals("+00:00")) {
          return; // by another statement here, or by the server
        }
        zone = was.getString(1);
        mode = was.getString(2);
      }
      session.execute(SET);
    }
  }

  @Override
  @Nullable Object value(BoundColumn bound, @Nullable Object value) {
    if (value == null) {
      return requireNullable(bound);
    }
    return switch (bound.column().kind()) {
      case DATE -> {
        requireYear(bound, ((LocalDate) value).getYear());
        yield value.toString();
      }
      case TIME, UUID -> value.toString();
      case TIMESTAMP ->
        time(bound, ((OffsetDateTime) value).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
      case LOCAL_TIMESTAMP -> time(bound, (LocalDateTime) value);
      case DOUBLE -> finite(bound, (Double) value);
      case DECIMAL -> decimal(bound, (BigDecimal) value);
      case TEXT, INTEGER, BOOLEAN, BINARY, OTHER -> super.value(bound, value);
    };
  }

  /** Some servers take the present moment for a timestamp that is missing. */
  private static @Nullable Object requireNullable(BoundColumn bound) {
    if (bound.column().kind() == TableColumn.Kind.TIMESTAMP && !bound.column().nullable()) {
      throw refused(bound, "has no value; the table needs one");
    }
    return null;
  }

  private static String time(BoundColumn bound, LocalDateTime time) {
    requireYear(bound, time.getYear());
    return time.format(TIME);
  }

  private static void requireYear(BoundColumn bound, int year) {
    if (year < 1 || year > 9999) {
      throw refused(bound, "is in the year " + year + "; MariaDB has years from 1 to 9999");
    }
  }

  private static Double finite(BoundColumn bound, Double value) {
    if (!Double.isFinite(value)) {
      throw refused(bound, "is " + value + ", which MariaDB cannot store");
    }
    return value;
  }

  /** Elsewhere rounding is what the column's scale asks for; here nobody has asked for one. */
  private static BigDecimal decimal(BoundColumn bound, BigDecimal value) {
    if (bound.column().cast().startsWith("bigint") && value.stripTrailingZeros().scale() > 0) {
      throw refused(bound, "is " + value.toPlainString() + ", which is no whole number");
    }
    if (value.scale() > DECIMAL_SCALE
        && bound.column().cast().equals(MariaDbSql.DECIMAL)
        && value.stripTrailingZeros().scale() > DECIMAL_SCALE) {
      throw refused(bound, "has more than " + DECIMAL_SCALE + " digits behind the point; "
          + MariaDbSql.DECIMAL + " cannot hold them");
    }
    return value;
  }

  private static ItemError refused(BoundColumn bound, String what) {
    return new ItemError("column '" + bound.name() + "' " + what, bound.name());
  }

  @Override
  public void close() throws SQLException {
    super.close();
    if (zone == null) {
      return;
    }
    try (PreparedStatement reset =
        connection.prepareStatement("set session time_zone = ?, sql_mode = ?")) {
      reset.setString(1, zone);
      reset.setString(2, mode);
      reset.execute();
    }
  }
}

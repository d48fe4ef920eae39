package dev.tranche.reader;

import dev.tranche.row.ByteText;
import dev.tranche.row.ColumnType;
import dev.tranche.row.InfiniteTime;
import dev.tranche.store.Platform;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a column of a source holds: how a value is read, how it is written as a text that can be
 * stored, and how it is bound again so that the database finds it equal to what it was.
 */
enum FieldType {
  LONG(ColumnType.LONG, Long.class, Long::valueOf),
  DECIMAL(ColumnType.DECIMAL, BigDecimal.class, BigDecimal::new),
  /** Approximate, so that equal values need not stay equal on the way: no key. */
  DOUBLE(ColumnType.DOUBLE, Double.class, null),
  STRING(ColumnType.STRING, String.class, text -> text),
  /** A text of PostgreSQL's that is filled up with blanks, and compared without them. */
  PADDED(ColumnType.STRING, String.class, text -> text),
  BOOLEAN(ColumnType.BOOLEAN, Boolean.class, Boolean::valueOf),
  /** A small number of MariaDB's, which may hold more than 0 and 1. */
  SMALL_NUMBER(ColumnType.BOOLEAN, Long.class, Long::valueOf),
  DATE(ColumnType.DATE, LocalDate.class, LocalDate::parse),
  TIME(ColumnType.TIME, LocalTime.class, LocalTime::parse),
  TIMESTAMP(ColumnType.TIMESTAMP, OffsetDateTime.class, OffsetDateTime::parse),
  /** Without an offset: taken as UTC. */
  LOCAL_TIMESTAMP(ColumnType.TIMESTAMP, LocalDateTime.class, LocalDateTime::parse),
  /** The same of MariaDB's, if the session's time zone is UTC. */
  UTC_TIMESTAMP(ColumnType.TIMESTAMP, LocalDateTime.class, LocalDateTime::parse),
  UUID(ColumnType.UUID, UUID.class, FieldType::uuid),
  /** Anything that the database shows as a text. */
  OTHER(ColumnType.STRING, String.class, null),
  /** Bytes: a row holds a {@link ByteText} of them. */
  BINARY(ColumnType.STRING, byte[].class, null);

  private final ColumnType column;
  private final Class<?> javaType;
  private final @Nullable Function<String, Object> parser;

  FieldType(ColumnType column, Class<?> javaType, @Nullable Function<String, Object> parser) {
    this.column = column;
    this.javaType = javaType;
    this.parser = parser;
  }

  /** The type of the rows' column. */
  ColumnType column() {
    return column;
  }

  /** Whether rows can be told apart, and cut, by such a column. */
  boolean isKey() {
    return parser != null;
  }

  /** Whether the widths of its ranges can be compared. */
  boolean isMeasured() {
    return this == LONG || this == DECIMAL || isTime();
  }

  /** Whether it has places on the calendar. */
  boolean isTime() {
    return this == DATE || column == ColumnType.TIMESTAMP;
  }

  /** Whether its texts depend on the session's settings. */
  boolean isClock() {
    return column == ColumnType.TIMESTAMP || column == ColumnType.TIME;
  }

  /** Whether PostgreSQL's text of a value may be the one way to write it. */
  boolean hasText() {
    return this != BINARY && PlainText.knows(column);
  }

  /** A value as it is bound to a statement, null if there is none. */
  @Nullable Object read(ResultSet row, int index) throws SQLException {
    Object value = switch (this) {
      case LONG, SMALL_NUMBER -> row.getLong(index);
      case DOUBLE -> row.getDouble(index);
      case BOOLEAN -> row.getBoolean(index);
      case DECIMAL -> row.getBigDecimal(index);
      case STRING, PADDED, OTHER -> row.getString(index);
      case BINARY -> row.getBytes(index);
      case DATE, TIME, TIMESTAMP, LOCAL_TIMESTAMP, UTC_TIMESTAMP, UUID ->
        row.getObject(index, javaType);
    };
    return row.wasNull() ? null : value;
  }

  /** A value that was {@link #read}, as one of a row. */
  @Nullable Object value(@Nullable Object read) {
    if (read instanceof LocalDateTime time) {
      return time.atOffset(ZoneOffset.UTC);
    }
    if (read instanceof OffsetDateTime time) {
      return InfiniteTime.ofDriver(time);
    }
    if (this == SMALL_NUMBER && read instanceof Long number) {
      if (number != 0 && number != 1) {
        throw new IllegalArgumentException(
            "'" + number + "' is not a boolean, which its column of type tinyint(1) stands for");
      }
      return number == 1;
    }
    return read instanceof byte[] bytes ? ByteText.of(bytes) : read;
  }

  /** A value of a row, as one that is bound: what {@link #value} made one of a row of. */
  Object bound(Object value) {
    if (this == LOCAL_TIMESTAMP || this == UTC_TIMESTAMP) {
      return ((OffsetDateTime) value).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    }
    if (this == TIMESTAMP) {
      return InfiniteTime.toDriver((OffsetDateTime) value);
    }
    return this == SMALL_NUMBER ? (Boolean.TRUE.equals(value) ? 1L : 0L) : value;
  }

  private static UUID uuid(String text) {
    return java.util.UUID.fromString(text);
  }

  /** A text that {@link #parse} makes the same value of. */
  static String text(Object value) {
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  Object parse(String text) {
    if (parser == null) {
      throw new IllegalStateException(this + " is no key");
    }
    return parser.apply(text);
  }

  /** @param index of a column, from 1 */
  static FieldType of(Platform platform, ResultSetMetaData columns, int index)
      throws SQLException {
    String name = columns.getColumnTypeName(index).toLowerCase(Locale.ROOT);
    if (platform == Platform.POSTGRESQL) {
      return ofPostgres(name, columns.getColumnType(index));
    }
    if (name.equals("uuid")) {
      return UUID;
    }
    if (platform == Platform.MARIADB) {
      return ofMariaDb(name, columns, index);
    }
    return of(columns.getColumnType(index));
  }

  private static FieldType ofPostgres(String name, int type) {
    return switch (name) {
      case "timestamptz" -> TIMESTAMP;
      case "timetz", "money", "bit", "xml" -> OTHER;
      case "bool" -> BOOLEAN;
      case "uuid" -> UUID;
      case "bpchar" -> PADDED;
      case "bytea" -> BINARY;
      default -> of(type);
    };
  }

  private static FieldType ofMariaDb(String name, ResultSetMetaData columns, int index)
      throws SQLException {
    int type = columns.getColumnType(index);
    if (name.startsWith("bit")) {
      return columns.getPrecision(index) > 1 ? LONG : BOOLEAN;
    }
    if (type == Types.BIT || type == Types.BOOLEAN) {
      return SMALL_NUMBER;
    }
    if (type == Types.BIGINT && !columns.isSigned(index)) {
      return DECIMAL;
    }
    return switch (name) {
      case "timestamp" -> UTC_TIMESTAMP;
      case "year" -> LONG;
      default -> of(type);
    };
  }

  private static FieldType of(int type) {
    return switch (type) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> LONG;
      case Types.NUMERIC, Types.DECIMAL -> DECIMAL;
      case Types.REAL, Types.FLOAT, Types.DOUBLE -> DOUBLE;
      case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.CLOB -> STRING;
      case Types.NCHAR, Types.NVARCHAR, Types.LONGNVARCHAR, Types.NCLOB -> STRING;
      case Types.BOOLEAN, Types.BIT -> BOOLEAN;
      case Types.DATE -> DATE;
      case Types.TIME -> TIME;
      case Types.TIMESTAMP -> LOCAL_TIMESTAMP;
      case Types.TIMESTAMP_WITH_TIMEZONE -> TIMESTAMP;
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> BINARY;
      default -> OTHER;
    };
  }
}

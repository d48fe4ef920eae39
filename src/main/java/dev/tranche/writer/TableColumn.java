package dev.tranche.writer;

import dev.tranche.row.ByteText;
import dev.tranche.row.ColumnType;
import java.util.Locale;
import java.util.Map;

/**
 * A column of a target table.
 *
 * @param name exactly as the database knows it
 * @param type as the database words it, for messages
 * @param cast the type's name in full as SQL text, to cast a text to where it is {@link Kind#OTHER}
 * @param length characters it takes at most; 0 if there is no such limit
 */
record TableColumn(
    String name, Kind kind, String type, String cast, long length, boolean nullable) {

  /** MariaDB's boolean, which is a small number as well. */
  private static final String SMALL_NUMBER = "tinyint(1)";

  /** Itself, or a column of numbers if the rows have numbers for it. */
  TableColumn forRowsOf(ColumnType type) {
    boolean number =
        type == ColumnType.LONG || type == ColumnType.DECIMAL || type == ColumnType.DOUBLE;
    return number && cast.equals(SMALL_NUMBER)
        ? new TableColumn(name, Kind.INTEGER, this.type, cast, length, nullable)
        : this;
  }

  /** What a column holds, as far as writing it goes. */
  enum Kind {
    TEXT(ColumnType.STRING),
    INTEGER(ColumnType.LONG),
    DECIMAL(ColumnType.DECIMAL),
    DOUBLE(ColumnType.DOUBLE),
    BOOLEAN(ColumnType.BOOLEAN),
    DATE(ColumnType.DATE),
    TIME(ColumnType.TIME),
    /** A moment with its offset. */
    TIMESTAMP(ColumnType.TIMESTAMP),
    /** Date and time of day without offset: in UTC. */
    LOCAL_TIMESTAMP(ColumnType.TIMESTAMP),
    UUID(ColumnType.UUID),
    /** Bytes, where the database does not make them of a {@link ByteText} by itself. */
    BINARY(ColumnType.STRING),
    /** Anything else, written as text that the database reads. */
    OTHER(ColumnType.STRING);

    private final ColumnType takes;

    Kind(ColumnType takes) {
      this.takes = takes;
    }

    /** The type of the values it is written from. */
    ColumnType takes() {
      return takes;
    }

    private static final Map<String, Kind> BY_TYPE = Map.ofEntries(
        Map.entry("character varying", TEXT),
        Map.entry("varchar_ignorecase", TEXT),
        Map.entry("character large object", TEXT),
        Map.entry("character", TEXT),
        Map.entry("text", TEXT),
        Map.entry("char", TEXT),
        Map.entry("varchar", TEXT),
        Map.entry("tinytext", TEXT),
        Map.entry("mediumtext", TEXT),
        Map.entry("longtext", TEXT),
        Map.entry("tinyint", INTEGER),
        Map.entry("smallint", INTEGER),
        Map.entry("mediumint", INTEGER),
        Map.entry("int", INTEGER),
        Map.entry("integer", INTEGER),
        Map.entry("bigint", INTEGER),
        Map.entry("numeric", DECIMAL),
        Map.entry("decimal", DECIMAL),
        Map.entry("decfloat", DECIMAL),
        Map.entry("double precision", DOUBLE),
        Map.entry("double", DOUBLE),
        Map.entry("float", DOUBLE),
        Map.entry("real", DOUBLE),
        Map.entry("boolean", BOOLEAN),
        Map.entry("date", DATE),
        Map.entry("time", TIME),
        Map.entry("time without time zone", TIME),
        Map.entry("timestamp", LOCAL_TIMESTAMP),
        Map.entry("timestamp without time zone", LOCAL_TIMESTAMP),
        Map.entry("datetime", LOCAL_TIMESTAMP),
        Map.entry("timestamp with time zone", TIMESTAMP),
        Map.entry("uuid", UUID),
        Map.entry("binary", BINARY),
        Map.entry("varbinary", BINARY),
        Map.entry("binary varying", BINARY),
        Map.entry("binary large object", BINARY),
        Map.entry("tinyblob", BINARY),
        Map.entry("blob", BINARY),
        Map.entry("mediumblob", BINARY),
        Map.entry("longblob", BINARY));

    /** @param type a type's name in INFORMATION_SCHEMA */
    static Kind of(String type) {
      return BY_TYPE.getOrDefault(type.toLowerCase(Locale.ROOT), OTHER);
    }

    /** @param inFull a type of MariaDB's with its length, as in {@code tinyint(1)} */
    static Kind ofMariaDb(String type, String inFull) {
      return switch (type) {
        case "timestamp" -> TIMESTAMP;
        case "tinyint" -> inFull.equals(SMALL_NUMBER) ? BOOLEAN : INTEGER;
        case "bit" -> inFull.equals("bit(1)") ? BOOLEAN : INTEGER;
        case "bigint" -> inFull.contains("unsigned") ? DECIMAL : INTEGER;
        default -> of(type);
      };
    }
  }
}

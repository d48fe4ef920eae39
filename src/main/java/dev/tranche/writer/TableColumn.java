package dev.tranche.writer;

import dev.tranche.row.ColumnType;
import java.util.Locale;
import java.util.Map;

/**
 * A column of a target table.
 *
 * @param name exactly as the database knows it
 * @param type as the database words it, for messages
 * @param cast the type's name as SQL text, to cast a text to; only for {@link Kind#OTHER}
 * @param length characters it takes at most; 0 if there is no such limit
 */
record TableColumn(
    String name, Kind kind, String type, String cast, long length, boolean nullable) {

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
        Map.entry("tinyint", INTEGER),
        Map.entry("smallint", INTEGER),
        Map.entry("integer", INTEGER),
        Map.entry("bigint", INTEGER),
        Map.entry("numeric", DECIMAL),
        Map.entry("decfloat", DECIMAL),
        Map.entry("double precision", DOUBLE),
        Map.entry("float", DOUBLE),
        Map.entry("real", DOUBLE),
        Map.entry("boolean", BOOLEAN),
        Map.entry("date", DATE),
        Map.entry("time", TIME),
        Map.entry("time without time zone", TIME),
        Map.entry("timestamp", LOCAL_TIMESTAMP),
        Map.entry("timestamp without time zone", LOCAL_TIMESTAMP),
        Map.entry("timestamp with time zone", TIMESTAMP),
        Map.entry("uuid", UUID));

    /** @param type a type's name in INFORMATION_SCHEMA */
    static Kind of(String type) {
      return BY_TYPE.getOrDefault(type.toLowerCase(Locale.ROOT), OTHER);
    }
  }
}

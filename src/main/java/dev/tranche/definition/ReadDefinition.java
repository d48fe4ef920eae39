package dev.tranche.definition;

import dev.tranche.row.ColumnType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a step reads. */
@Variants(by = "type", title = "read type")
public sealed interface ReadDefinition
    permits ReadDefinition.Csv,
        ReadDefinition.Fixed,
        ReadDefinition.Jsonl,
        ReadDefinition.Json,
        ReadDefinition.Jdbc,
        ReadDefinition.Bean { // named, since their order is what users see

  /** The named connection that is read from; null for the job repository's database, or none. */
  default @Nullable String connection() {
    return null;
  }


  /** What all kinds of files have. */
  sealed interface InFiles permits Csv, Fixed, Jsonl, Json {

    /** Paths and globs, relative to the base directory. */
    List<String> files();

    /** Row column to how it is read. */
    Map<String, ColumnDefinition> columns();

    /** The longest record there may be, in bytes. */
    long maxRecord();
  }

  /**
   * Comma separated files.
   *
   * @param columns row column to how it is read; empty: every column of the header as a string
   */
  record Csv(
      @Key("Paths and globs, relative to the base directory.") @NotEmpty List<@NotBlank String> files,

      @Key(
          value = "The columns of a row and how they are read; without it, every column of the"
              + " header, as a string.",
          standard = Defaults.EMPTY)
      Map<String, @Valid ColumnDefinition> columns,

      @Key(
          value = "Whether the first record of each file names the columns.",
          standard = Defaults.TRUE)
      boolean header,

      @Key(value = "What stands between values.", standard = Defaults.CSV_DELIMITER)
      char delimiter,

      @Key(value = "What stands around values.", standard = Defaults.CSV_QUOTE)
      char quote,

      @Key(value = "How bytes become text.", standard = Defaults.CSV_CHARSET)
      Charset charset,

      @Key(value = "Texts that stand for no value.", standard = Defaults.CSV_NULL_VALUES)
      List<String> nullValues,

      @Key(value = "Whether blanks around values are removed.", standard = Defaults.FALSE)
      boolean trim,

      @Key(value = "Whether values in quotes may hold line ends.", standard = Defaults.TRUE)
      boolean multiline,

      @Key(
          value = "The longest record there may be.",
          standard = Defaults.CSV_MAX_RECORD,
          notation = Notation.BYTES)
      @Min(1) @Max(1 << 30) long maxRecord)
      implements ReadDefinition, InFiles {

    /** Files, and for all else what holds where a user says nothing. */
    public static Csv of(List<String> files) {
      return Defaults.csv(files);
    }
  }

  /** Lines whose fields have their places. */
  record Fixed(
      @Key("Paths and globs, relative to the base directory.") @NotEmpty List<@NotBlank String> files,

      @Key("The columns of a row, where they are in a line, and how they are read.")
      @NotEmpty Map<String, @Valid ColumnDefinition> columns,

      @Key(value = "How bytes become text.", standard = Defaults.CSV_CHARSET)
      Charset charset,

      @Key(value = "Texts that stand for no value.", standard = Defaults.CSV_NULL_VALUES)
      List<String> nullValues,

      @Key(
          value = "The longest record there may be.",
          standard = Defaults.CSV_MAX_RECORD,
          notation = Notation.BYTES)
      @Min(1) @Max(1 << 30) long maxRecord)
      implements ReadDefinition, InFiles {}

  /** A JSON object on each line. */
  record Jsonl(
      @Key("Paths and globs, relative to the base directory.") @NotEmpty List<@NotBlank String> files,

      @Key("The columns of a row, and where they are in an object.")
      @NotEmpty Map<String, @Valid ColumnDefinition> columns,

      @Key(value = "Texts that stand for no value.", standard = Defaults.NONE)
      List<String> nullValues,

      @Key(
          value = "The longest record there may be.",
          standard = Defaults.CSV_MAX_RECORD,
          notation = Notation.BYTES)
      @Min(1) @Max(1 << 30) long maxRecord)
      implements ReadDefinition, InFiles {}

  /** One JSON array of objects in each file. */
  record Json(
      @Key("Paths and globs, relative to the base directory.") @NotEmpty List<@NotBlank String> files,

      @Key("The columns of a row, and where they are in an object.")
      @NotEmpty Map<String, @Valid ColumnDefinition> columns,

      @Key(value = "Texts that stand for no value.", standard = Defaults.NONE)
      List<String> nullValues,

      @Key(
          value = "The longest record there may be.",
          standard = Defaults.CSV_MAX_RECORD,
          notation = Notation.BYTES)
      @Min(1) @Max(1 << 30) long maxRecord)
      implements ReadDefinition, InFiles {}

  /**
   * Rows of a table or a query, in pages along a key.
   *
   * @param table as {@code name} or {@code schema.name}; null if {@code query} is given
   * @param query null if {@code table} is given
   * @param key the columns that tell rows apart; empty: the primary key of the table
   * @param columns the columns of a row; empty: all
   */
  record Jdbc(
      @Key("The named connection; without it, the job repository's database.") @Nullable String connection,

      @Key("The table, as `name` or `schema.name`.") @Nullable String table,

      @Key(value = "A query, in place of a table.", notation = Notation.SQL)
      @Nullable String query,

      @Key(
          value = "The columns that tell rows apart, never null; without it, the table's primary"
              + " key. Needed with a query.",
          standard = Defaults.NONE)
      List<@NotBlank String> key,

      @Key(value = "The columns that are read; without it, all.", standard = Defaults.NONE)
      List<@NotBlank String> columns)
      implements ReadDefinition {}

  /**
   * Any Spring {@code ItemReader}.
   *
   * @param repeatable whether it gives the same items again when opened from an earlier state, so
   *     that chunks may be read ahead
   */
  record Bean(
      @Key("The name of a Spring `ItemReader` bean.") @NotBlank String bean,

      @Key(
          value = "Whether it gives the same items again when opened from an earlier state, so that"
              + " chunks may be read ahead.",
          standard = Defaults.FALSE)
      boolean repeatable)
      implements ReadDefinition {}

  /**
   * How a column is read.
   *
   * @param from its name in the input; null: the same name
   * @param nullValues texts that stand for null; null: those of the file
   * @param at its first character in a line, from 1; null: behind the column before
   * @param width in characters; null where fields have no places
   */
  @Shorthand("type")
  record ColumnDefinition(
      @Key(
          "Its name in the header or in the JSON object, if that is another one; its number, if there"
              + " is no header; or a path into the object, such as `/place/name`.")
      @Nullable String from,

      @Key("The type of its values.") ColumnType type,

      @Key("The pattern of a date, time or number, as `DateTimeFormatter` and `DecimalFormat` do.")
      @Nullable String format,

      @Key("Texts that stand for no value in this column.") @Nullable List<String> nullValues,

      @Key("With `type: fixed`, its first character in a line, from 1; without it, the one behind the"
          + " column before.")
      @Nullable @Min(1) Integer at,

      @Key("With `type: fixed`, how many characters it has.") @Nullable @Min(1) Integer width) {

    /** A column of files whose fields have no places. */
    public ColumnDefinition(
        @Nullable String from,
        ColumnType type,
        @Nullable String format,
        @Nullable List<String> nullValues) {
      this(from, type, format, nullValues, null, null);
    }
  }
}

package dev.tranche.definition;

import jakarta.validation.constraints.NotBlank;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a step writes. */
@Variants(by = "type", title = "write type")
public sealed interface WriteDefinition
    permits WriteDefinition.Jdbc,
        WriteDefinition.Csv,
        WriteDefinition.Jsonl,
        WriteDefinition.Bean { // named, since their order is what users see

  /** The named connection of the checkpoints; null for the job repository's database. */
  @Nullable String connection();

  /**
   * Rows into a table.
   *
   * @param table as {@code name} or {@code schema.name}
   * @param key the rows' columns that tell rows apart; needed by modes that are keyed
   * @param columns the table's columns that are written, each with the rows' column it gets; empty:
   *     all columns of the rows, under their own names
   */
  record Jdbc(
      @Key("The named connection; without it, the job repository's database.") @Nullable String connection,

      @Key("The table, as `name` or `schema.name`.") @NotBlank String table,

      @Key(
          value = "What rows are for the table: new ones (`insert`), new ones or what replaces the"
              + " row with their key (`upsert`), all that it holds once the step is complete"
              + " (`replace`), or only what replaces the row with their key (`update`); or rows are"
              + " removed by their key (`delete`).",
          standard = Defaults.WRITE_MODE)
      Mode mode,

      @Key(
          value = "The rows' columns that tell rows apart; needed with `upsert`, `update` and"
              + " `delete`; the primary key with `create: true`.",
          standard = Defaults.NONE)
      List<@NotBlank String> key,

      @Key(value = "Whether the table is created if it is not there.", standard = Defaults.FALSE)
      boolean create,

      @Key(
          value = "The table's columns that are written, each with the rows' column it gets; without"
              + " it, all columns of the rows, under their own names.",
          standard = Defaults.EMPTY)
      Map<String, @NotBlank String> columns)
      implements WriteDefinition {

    public enum Mode {
      INSERT,
      UPSERT,
      /** Rows that were there before are gone in the end. */
      REPLACE,
      /** A row without one to update is a bad item. */
      UPDATE,
      /** A row that is not there is deleted already. */
      DELETE;

      /** Whether rows are told apart by their key. */
      public boolean isKeyed() {
        return this == UPSERT || this == UPDATE || this == DELETE;
      }
    }
  }

  /** Whether the partitions become one file. */
  enum Parts {
    JOIN,
    /** Each is a file of its own, in a folder. */
    KEEP
  }

  /** What all kinds of files have: one file, or folder, that appears when the step is complete. */
  interface InFile {

    /** Relative to the base directory. */
    String file();

    /** The columns written, in this order; empty: all columns of the row. */
    List<String> columns();

    /** Whether it is one file, or a folder with one for each partition. */
    Parts parts();

    /** Whether a file that is there is replaced. */
    boolean overwrite();
  }

  /** Rows into one file of comma separated values. */
  record Csv(
      @Key("The file, relative to the base directory; folders that are missing are made.")
      @NotBlank String file,

      @Key(
          value = "The columns written, in this order; without it, all columns of the row.",
          standard = Defaults.NONE)
      List<@NotBlank String> columns,

      @Key(value = "Whether the first record names the columns.", standard = Defaults.TRUE)
      boolean header,

      @Key(value = "What stands between values.", standard = Defaults.CSV_DELIMITER)
      char delimiter,

      @Key(value = "What stands around values that need it.", standard = Defaults.CSV_QUOTE)
      char quote,

      @Key(
          value = "Which values stand in quotes: those that need it (`needed`), all texts (`texts`),"
              + " or all values (`all`). No value never does.",
          standard = Defaults.CSV_QUOTING)
      Quoting quoting,

      @Key(value = "How text becomes bytes.", standard = Defaults.CSV_CHARSET)
      Charset charset,

      @Key(value = "What ends a record.", standard = Defaults.CSV_LINE_END)
      LineEnd lineEnd,

      @Key(
          value = "What is written where there is no value; a text that reads the same is put in"
              + " quotes.",
          standard = Defaults.NO_TEXT)
      String nullValue,

      @Key(
          value = "Whether the partitions become one file (`join`), or a folder of that name with a"
              + " file for each (`keep`).",
          standard = Defaults.PARTS)
      Parts parts,

      @Key(value = "Whether a file that is there is replaced.", standard = Defaults.FALSE)
      boolean overwrite)
      implements WriteDefinition, InFile {

    public enum LineEnd {
      LF,
      CRLF
    }

    public enum Quoting {
      NEEDED,
      TEXTS,
      ALL
    }

    @Override
    public @Nullable String connection() {
      return null;
    }
  }

  /** Rows into one file with a JSON object on each line. */
  record Jsonl(
      @Key("The file, relative to the base directory; folders that are missing are made.")
      @NotBlank String file,

      @Key(
          value = "The columns written, in this order; without it, all columns of the row.",
          standard = Defaults.NONE)
      List<@NotBlank String> columns,

      @Key(
          value = "Whether the partitions become one file (`join`), or a folder of that name with a"
              + " file for each (`keep`).",
          standard = Defaults.PARTS)
      Parts parts,

      @Key(value = "Whether a file that is there is replaced.", standard = Defaults.FALSE)
      boolean overwrite)
      implements WriteDefinition, InFile {

    @Override
    public @Nullable String connection() {
      return null;
    }
  }

  /** Any Spring {@code ItemWriter}. */
  record Bean(
      @Key("The name of a Spring `ItemWriter` bean.") @NotBlank String bean,

      @Key("The named connection whose transaction it takes part in.") @Nullable String connection)
      implements WriteDefinition {}
}

package dev.tranche.definition;

import jakarta.validation.constraints.NotBlank;
import java.nio.charset.Charset;
import java.util.List;
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
   * @param key the columns that tell rows apart; needed for upsert
   */
  record Jdbc(
      @Key("The named connection; without it, the job repository's database.") @Nullable String connection,

      @Key("The table, as `name` or `schema.name`.") @NotBlank String table,

      @Key(
          value = "Whether rows with a known key are a fault or replace what is there.",
          standard = Defaults.WRITE_MODE)
      Mode mode,

      @Key(
          value = "The columns that tell rows apart; needed with `mode: upsert`, the primary key"
              + " with `create: true`.",
          standard = Defaults.NONE)
      List<@NotBlank String> key,

      @Key(value = "Whether the table is created if it is not there.", standard = Defaults.FALSE)
      boolean create)
      implements WriteDefinition {

    @Later({"replace", "update", "delete"})
    public enum Mode {
      INSERT,
      UPSERT
    }
  }

  /** What all kinds of files have: one file that appears when the step is complete. */
  interface InFile {

    /** Relative to the base directory. */
    String file();

    /** The columns written, in this order; empty: all columns of the row. */
    List<String> columns();

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

      @Key(value = "How text becomes bytes.", standard = Defaults.CSV_CHARSET)
      Charset charset,

      @Key(value = "What ends a record.", standard = Defaults.CSV_LINE_END)
      LineEnd lineEnd,

      @Key(
          value = "What is written where there is no value; a text that reads the same is put in"
              + " quotes.",
          standard = Defaults.NO_TEXT)
      String nullValue,

      @Key(value = "Whether a file that is there is replaced.", standard = Defaults.FALSE)
      boolean overwrite)
      implements WriteDefinition, InFile {

    public enum LineEnd {
      LF,
      CRLF
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

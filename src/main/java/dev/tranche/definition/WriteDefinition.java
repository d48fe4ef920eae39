package dev.tranche.definition;

import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step writes. */
@Variants(
    by = "type",
    title = "write type",
    later = {"csv", "jsonl"})
public sealed interface WriteDefinition {

  /** The named connection; null for the job repository's database. */
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

  /** Any Spring {@code ItemWriter}. */
  record Bean(
      @Key("The name of a Spring `ItemWriter` bean.") @NotBlank String bean,

      @Key("The named connection whose transaction it takes part in.") @Nullable String connection)
      implements WriteDefinition {}
}

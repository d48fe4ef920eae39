package dev.tranche.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step writes. */
public sealed interface WriteDefinition {

  /** The named connection; null for the job repository's database. */
  @Nullable String connection();

  /**
   * Rows into a table.
   *
   * @param table as {@code name} or {@code schema.name}
   * @param key the columns that tell rows apart; needed for upsert
   * @param create whether the table is created if it is not there
   */
  record Jdbc(
      @Nullable String connection, String table, Mode mode, List<String> key, boolean create)
      implements WriteDefinition {

    public enum Mode {
      INSERT,
      UPSERT
    }
  }

  /**
   * Any Spring {@code ItemWriter}.
   *
   * @param connection if given, the bean's writes to it are part of the chunk's transaction
   */
  record Bean(String bean, @Nullable String connection) implements WriteDefinition {}
}

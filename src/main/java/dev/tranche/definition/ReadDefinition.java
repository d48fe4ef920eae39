package dev.tranche.definition;

import dev.tranche.row.ColumnType;
import jakarta.validation.constraints.NotEmpty;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a step reads. */
public sealed interface ReadDefinition {

  /**
   * Comma separated files.
   *
   * @param files paths and globs, relative to the base directory
   * @param columns row column to how it is read; empty: every column of the header as a string
   * @param maxRecord bytes of the longest record
   */
  record Csv(
      @NotEmpty List<String> files,
      Map<String, ColumnDefinition> columns,
      boolean header,
      char delimiter,
      char quote,
      Charset charset,
      List<String> nullValues,
      boolean trim,
      boolean multiline,
      long maxRecord)
      implements ReadDefinition {}

  /**
   * Any Spring {@code ItemReader}.
   *
   * @param repeatable whether it gives the same items again when opened from an earlier state, so
   *     that chunks may be read ahead
   */
  record Bean(String bean, boolean repeatable) implements ReadDefinition {}

  /**
   * How a column is read.
   *
   * @param from its name in the input; null: the same name
   * @param format a pattern of {@code DateTimeFormatter} or {@code DecimalFormat}
   * @param nullValues texts that stand for null; null: those of the file
   */
  record ColumnDefinition(
      @Nullable String from,
      ColumnType type,
      @Nullable String format,
      @Nullable List<String> nullValues) {}
}

package dev.tranche.definition;

import dev.tranche.definition.Variants.How;
import dev.tranche.row.ColumnType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One entry of {@code process:}, in the order written. */
@Variants(how = How.ONLY_KEY, title = "process entry")
public sealed interface ProcessDefinition {

  /** Constraints on columns, by their Jakarta Validation names; a row that breaks one is bad. */
  record Check(
      @Key("Constraints on columns; a row that breaks one is bad.") @NotEmpty Map<String, @Valid Constraints> columns)
      implements ProcessDefinition {}

  /** Columns set to the value of an expression, in order; new columns are added at the end. */
  record Set(
      @Key(
          value = "Columns and the expressions whose values they get; new ones come last.",
          notation = Notation.EXPRESSION)
      @NotEmpty Map<String, @NotBlank String> expressions)
      implements ProcessDefinition {}

  /** Rows for which the expression is not true are filtered. */
  record Filter(
      @Key(
          value = "Rows for which this expression is not true go no further.",
          notation = Notation.EXPRESSION)
      @NotBlank String expression)
      implements ProcessDefinition {}

  /** Old name to new name. */
  record Rename(
      @Key("Old names of columns and their new names.") @NotEmpty Map<String, @NotBlank String> names)
      implements ProcessDefinition {}

  /** Only these columns, in this order. */
  record Select(
      @Key("Only these columns, in this order.") @NotEmpty List<@NotBlank String> columns)
      implements ProcessDefinition {}

  /** All columns but these. */
  record Drop(@Key("All columns but these.") @NotEmpty List<@NotBlank String> columns)
      implements ProcessDefinition {}

  /** Columns made another type. */
  record Cast(
      @Key("Columns and the types that their values are made.") @NotEmpty Map<String, @Valid Target> columns)
      implements ProcessDefinition {}

  /** Columns taken out of a JSON text; new ones come last. */
  record Flatten(
      @Key("Columns of JSON texts, and the columns that are taken out of each; new ones come last.")
      @NotEmpty Map<String, @NotEmpty Map<String, @Valid Part>> columns)
      implements ProcessDefinition {}

  /** Columns of the row of a table that has a row's key; new ones come last. */
  record Lookup(
      @Key("A table, and the columns that are taken from its row with the same key; new ones come"
          + " last.")
      @Valid LookedUp from)
      implements ProcessDefinition {}

  /** Any Spring {@code ItemProcessor}. */
  record Bean(
      @Key("The name of a Spring `ItemProcessor` bean.") @NotBlank String bean) implements ProcessDefinition {}

  /** What follows, up to the next one, is a stage: a chunk's items pass it on workers of its own. */
  record Stage(
      @Key("What follows, up to the next `stage`, is done by workers of its own.") @Valid Workers of)
      implements ProcessDefinition {}

  /** The workers of a stage. */
  record Workers(
      @Key(
          value = "Threads that process items in this stage, for each partition that runs.",
          standard = Defaults.WORKERS)
      @Min(1) int workers,

      @Key(
          value = "The kind of these threads; `virtual` needs Java 21.",
          standard = Defaults.CHUNK_THREADS)
      ChunkDefinition.Threads threads) {}

  /**
   * What a value is made.
   *
   * @param format of the text that it is made of, or that is made of it
   */
  @Shorthand("type")
  record Target(
      @Key("The type that its values are made.") ColumnType type,

      @Key("The pattern of the text, as `DateTimeFormatter` and `DecimalFormat` do.")
      @Nullable String format) {}

  /**
   * What is taken out of a JSON text.
   *
   * @param from a key, or a path; null: the key of the column's name
   */
  @Shorthand("type")
  record Part(
      @Key("Its key in the object, if that is another one; or a path, such as `/place/name`.")
      @Nullable String from,

      @Key("The type of its values.") ColumnType type) {}

  /**
   * A table that rows are looked up in.
   *
   * @param connection null for the job repository's database
   * @param table as {@code name} or {@code schema.name}; null if {@code query} is given
   * @param query null if {@code table} is given
   * @param key column of the table to column of the rows
   * @param columns column of the rows to column of the table
   * @param defaults column of the rows to its value where the table has no such row
   * @param limit how many rows of it are in memory, at most
   */
  record LookedUp(
      @Key("The named connection; without it, the job repository's database.") @Nullable String connection,

      @Key("The table, as `name` or `schema.name`.") @Nullable String table,

      @Key(value = "A query, in place of a table.", notation = Notation.SQL)
      @Nullable String query,

      @Key("The table's columns that tell its rows apart, each with the rows' column that it"
          + " equals.")
      @NotEmpty Map<String, @NotBlank String> key,

      @Key("The columns that are set, each with the table's column whose value it gets.")
      @NotEmpty Map<String, @NotBlank String> columns,

      @Key(
          value = "What becomes of a row whose key the table does not have: it is bad (`reject`), or"
              + " the columns get no value (`no-value`), or those of `defaults` (`default`).",
          standard = Defaults.LOOKUP_MISSING)
      Missing missing,

      @Key(
          value = "With `missing: default`, columns that are set and their values then.",
          standard = Defaults.EMPTY)
      Map<String, String> defaults,

      @Key(
          value = "Whether the table is read once, when the step begins (`all`), or each row when it"
              + " is first asked for (`by-key`).",
          standard = Defaults.LOOKUP_CACHE)
      Cache cache,

      @Key(
          value = "How many of its rows are in memory, at most.",
          standard = Defaults.LOOKUP_LIMIT)
      @Min(1) int limit) {

    public enum Missing {
      REJECT,
      NO_VALUE,
      DEFAULT
    }

    public enum Cache {
      ALL,
      BY_KEY
    }

    /** What is done, whoever keeps what in memory. */
    LookedUp work() {
      return new LookedUp(
          connection, table, query, key, columns, missing, defaults, Cache.ALL, 1);
    }
  }

  /** What must hold for a column; null means not asked. A null value passes all but notNull. */
  record Constraints(
      @Key("There is a value.") @Nullable Boolean notNull,

      @Key("There is a text with more than blanks.") @Nullable Boolean notBlank,

      @Key("A number, at least this.") @Nullable BigDecimal min,
      @Key("A number, at most this.") @Nullable BigDecimal max,
      @Key("A text of this length.") @Nullable @Valid Size size,

      @Key(
          value = "A text that matches this regular expression as a whole.",
          notation = Notation.PATTERN)
      @Nullable String pattern,

      @Key("One of these.")
      @Nullable @jakarta.validation.constraints.Size(min = 1, message = "must not be empty") List<String> in) {}

  /** Length of a text, in characters. */
  record Size(
      @Key("At least so many characters.") @Nullable @Min(0) Integer min,
      @Key("At most so many characters.") @Nullable @Min(0) Integer max) {}
}

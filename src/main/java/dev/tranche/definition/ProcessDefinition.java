package dev.tranche.definition;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One entry of {@code process:}, in the order written. */
public sealed interface ProcessDefinition {

  /** Constraints on columns, by their Jakarta Validation names; a row that breaks one is bad. */
  record Check(Map<String, Constraints> columns) implements ProcessDefinition {}

  /** Columns set to the value of an expression, in order; new columns are added at the end. */
  record Set(Map<String, String> expressions) implements ProcessDefinition {}

  /** Rows for which the expression is not true are filtered. */
  record Filter(String expression) implements ProcessDefinition {}

  /** Old name to new name. */
  record Rename(Map<String, String> names) implements ProcessDefinition {}

  /** Only these columns, in this order. */
  record Select(List<String> columns) implements ProcessDefinition {}

  /** All columns but these. */
  record Drop(List<String> columns) implements ProcessDefinition {}

  /** Any Spring {@code ItemProcessor}. */
  record Bean(String bean) implements ProcessDefinition {}

  /** What must hold for a column; null means not asked. A null value passes all but notNull. */
  record Constraints(
      @Nullable Boolean notNull,
      @Nullable Boolean notBlank,
      @Nullable BigDecimal min,
      @Nullable BigDecimal max,
      @Nullable Size size,
      @Nullable String pattern,
      @Nullable List<String> in) {}

  /** Length of a text, in characters. */
  record Size(@Nullable Integer min, @Nullable Integer max) {}
}

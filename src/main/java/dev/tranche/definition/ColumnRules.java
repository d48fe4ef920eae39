package dev.tranche.definition;

import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.row.ColumnType;
import java.text.DecimalFormat;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the keys of a column of {@code read.columns} must have to do with each other. */
final class ColumnRules {

  private final Part part;
  private final String name;
  private final @Nullable ColumnDefinition definition;

  ColumnRules(Part part, String name, @Nullable ColumnDefinition definition) {
    this.part = part;
    this.name = name;
    this.definition = definition;
  }

  /** Of a column whose field has no place of its own. */
  void check() {
    checkAll();
    part.key("at").noEffect("where fields are told apart by themselves", "use 'type: fixed'");
    part.key("width").noEffect("where fields are told apart by themselves", "use 'type: fixed'");
  }

  /** Of a column with its place in a line. */
  void checkFixed() {
    checkAll();
    if (definition != null && definition.width() == null && part.key("width").sound()) {
      part.wrong("column '%s' needs 'width', how many characters it has.", name);
    }
    part.key("from").noEffect("where fields have places, not names", "use 'at'");
  }

  private void checkAll() {
    if (name.isBlank()) {
      part.unwanted("a column needs a name.");
    }
    if (definition != null && definition.format() != null && definition.type() != null) {
      format(part.key("format"), definition.type(), definition.format());
    }
  }

  static void format(Part part, ColumnType type, String format) {
    switch (type) {
      case STRING, BOOLEAN, UUID ->
        part.noEffect(
            "on a " + type.name().toLowerCase(Locale.ROOT), "change the type of the column");
      case DATE, TIME, TIMESTAMP ->
        pattern(part, format, "DateTimeFormatter", () -> DateTimeFormatter.ofPattern(format));
      case LONG, DECIMAL, DOUBLE ->
        pattern(part, format, "DecimalFormat", () -> new DecimalFormat(format));
    }
  }

  private static void pattern(Part part, String format, String kind, Supplier<?> parse) {
    try {
      Objects.requireNonNull(parse.get());
    } catch (IllegalArgumentException e) {
      part.wrong(
          "%s must be a pattern of %s, but is '%s': %s.",
          part.what(), kind, format, String.valueOf(e.getMessage()));
    }
  }
}

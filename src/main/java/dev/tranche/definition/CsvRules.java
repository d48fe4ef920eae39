package dev.tranche.definition;

import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.definition.ReadDefinition.Csv;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the keys of {@code read: { type: csv }} must have to do with each other. */
final class CsvRules {

  private static final Pattern FIELD = Pattern.compile("[1-9]\\d{0,8}");

  private final Part part;
  private final Csv csv;

  CsvRules(Part part, Csv csv) {
    this.part = part;
    this.csv = csv;
  }

  void check() {
    syntax();
    if (csv.columns() == null) {
      return;
    }
    if (!csv.header() && csv.columns().isEmpty() && part.key("columns").sound()) {
      part.key("header")
          .wrong("'read.header: false' needs 'columns', since nothing else names them. Add them.");
    }
    csv.columns().forEach((name, column) -> column(part.key("columns").entry(name), name, column));
  }

  private void syntax() {
    if (csv.charset() != null && !isSplitOnBytes(csv.charset())) {
      part.key("charset")
          .wrong(
              "charset %s cannot be read, since files are cut byte by byte. Valid: UTF-8, and"
                  + " charsets of single bytes such as windows-1252.",
              csv.charset().name());
    }
    mark(part.key("delimiter"), csv.delimiter());
    mark(part.key("quote"), csv.quote());
    if (csv.delimiter() == csv.quote() && part.key("quote").sound()) {
      part.key(part.key("quote").given() ? "quote" : "delimiter")
          .wrong("'read.delimiter' and 'read.quote' are the same. Change one of them.");
    }
  }

  static void mark(Part part, char mark) {
    if (mark > 127 || mark == '\n' || mark == '\r') {
      part.wrong("%s must be an ASCII character, and no line end.", part.what());
    }
  }

  private void column(Part column, String name, @Nullable ColumnDefinition definition) {
    new ColumnRules(column, name, definition).check();
    String from = definition == null ? null : definition.from();
    if (!csv.header() && from != null && !FIELD.matcher(from).matches()) {
      column
          .key("from")
          .wrong(
              "'%s' must be the number of a field, from 1, since there is no header, but is '%s'.",
              "read.columns." + name + ".from", from);
    }
  }

  /** Whether each byte of an ASCII character stands for that character and nothing else. */
  static boolean isSplitOnBytes(Charset charset) {
    if (charset.equals(StandardCharsets.UTF_8)) {
      return true;
    }
    byte[] ascii = new byte[128];
    IntStream.range(0, ascii.length).forEach(i -> ascii[i] = (byte) i);
    return charset.canEncode()
        && charset.newEncoder().maxBytesPerChar() == 1.0f
        && new String(ascii, charset).equals(new String(ascii, StandardCharsets.US_ASCII));
  }
}

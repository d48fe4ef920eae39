package dev.tranche.definition;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the keys of {@code write: { type: csv }} and {@code jsonl} must have to do with each other. */
final class FileRules {

  private static final List<String> UNKNOWN = List.of(".zip", ".bz2", ".xz");

  private final Part part;
  private final WriteDefinition.InFile target;

  FileRules(Part part, WriteDefinition.InFile target) {
    this.part = part;
    this.target = target;
  }

  void check() {
    if (target.file() != null) {
      file(part.key("file"), target.file());
    }
    if (target.columns() != null) {
      distinct(part.key("columns"), target.columns());
    }
    if (target.parts() == WriteDefinition.Parts.KEEP) {
      part.key("overwrite")
          .noEffect(
              "with parts: keep, as a folder cannot be replaced in one step", "set 'parts: join'");
    }
    if (target instanceof WriteDefinition.Csv csv) {
      syntax(csv);
    }
  }

  private static void file(Part part, String file) {
    String name = file.toLowerCase(Locale.ROOT);
    if (file.endsWith("/")) {
      part.wrong("'write.file' must name a file, but is the folder '%s'.", file);
    }
    for (String ending : UNKNOWN) {
      if (name.endsWith(ending)) {
        part.wrong(
            "'write.file' ends in '%s', and files are not compressed so. Leave that ending out, or"
                + " write '.gz' or '.zst'.",
            ending);
      }
    }
  }

  private static void distinct(Part part, List<String> columns) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i) != null && !seen.add(columns.get(i))) {
        part.item(i).wrong(
            "column '%s' is in 'write.columns' twice. Remove one.", columns.get(i));
      }
    }
  }

  private void syntax(WriteDefinition.Csv csv) {
    if (csv.charset() != null && !CsvRules.isSplitOnBytes(csv.charset())) {
      part.key("charset")
          .wrong(
              "charset %s cannot be written. Valid: UTF-8, and charsets of single bytes such as"
                  + " windows-1252.",
              csv.charset().name());
    }
    CsvRules.mark(part.key("delimiter"), csv.delimiter());
    CsvRules.mark(part.key("quote"), csv.quote());
    if (csv.delimiter() == csv.quote() && part.key("quote").sound()) {
      part.key(part.key("quote").given() ? "quote" : "delimiter")
          .wrong("'write.delimiter' and 'write.quote' are the same. Change one of them.");
    }
    String none = csv.nullValue();
    if (none != null && none.chars().anyMatch(c -> isMark(csv, c))) {
      part.key("null-value")
          .wrong(
              "'write.null-value' holds the delimiter, the quote or a line end, so that it would"
                  + " read as something else. Choose a plain text.");
    }
  }

  private static boolean isMark(WriteDefinition.Csv csv, int c) {
    return c == csv.delimiter() || c == csv.quote() || c == '\n' || c == '\r';
  }
}

package dev.tranche.partition;

import dev.tranche.definition.ReadDefinition;
import java.nio.charset.StandardCharsets;

/**
 * How the records of files are told apart.
 *
 * @param syntax of records and fields; where there are no fields, of lines
 * @param beginning what a file begins with
 * @param trim whether blanks around the names of a header are removed
 * @param maxRecord in bytes
 */
public record FileKind(CsvSyntax syntax, Beginning beginning, boolean trim, long maxRecord) {

  /** What stands before the first record, apart from blank lines. */
  public enum Beginning {
    /** The names of the fields. */
    HEADER,
    NOTHING,
    /** The bracket of a JSON array. */
    BRACKET
  }

  /** A byte that no text has: lines without fields and without quotes. */
  private static final byte NO_MARK = 0;

  public static FileKind of(ReadDefinition.InFiles read) {
    if (read instanceof ReadDefinition.Csv csv) {
      Beginning beginning = csv.header() ? Beginning.HEADER : Beginning.NOTHING;
      return new FileKind(CsvSyntax.of(csv), beginning, csv.trim(), csv.maxRecord());
    }
    Beginning beginning =
        read instanceof ReadDefinition.Json ? Beginning.BRACKET : Beginning.NOTHING;
    CsvSyntax lines =
        new CsvSyntax(
            NO_MARK,
            NO_MARK,
            false,
            read instanceof ReadDefinition.Fixed fixed ? fixed.charset() : StandardCharsets.UTF_8);
    return new FileKind(lines, beginning, false, read.maxRecord());
  }

  /** What stands at the start of a record. */
  public RecordEnds ends() {
    return beginning == Beginning.BRACKET ? new ArrayScanner() : syntax.scanner();
  }

  /** Whether a file can only be read in one, so that it must stay as it is while a run goes on. */
  public boolean isWhole(String path) {
    return beginning == Beginning.BRACKET || Compression.of(path).isForwardOnly();
  }
}

package dev.tranche.partition;

import dev.tranche.definition.ReadDefinition;
import dev.tranche.row.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds out about a CSV file what must be known before it is cut, reading only its beginning. */
public final class FileExaminer {

  private static final int BLOCK = 8192;

  private final CsvSyntax syntax;
  private final ReadDefinition.Csv csv;

  public FileExaminer(CsvSyntax syntax, ReadDefinition.Csv csv) {
    this.syntax = syntax;
    this.csv = csv;
  }

  /**
   * Examines one file.
   *
   * @param path its name in the result and in messages
   * @throws InputException if it cannot be read, or its beginning shows that it is no CSV file of
   *     this syntax
   */
  public FileFacts examine(String path, Path file) {
    try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
      Beginning beginning = new Beginning(path, input);
      beginning.read();
      return new FileFacts(
          path,
          input.length(),
          Files.getLastModifiedTime(file).toInstant(),
          beginning.names,
          beginning.at,
          beginning.line,
          Digest.of(beginning.bytes, 0, beginning.at));
    } catch (IOException error) {
      throw InputException.unreadable(path, file, error);
    }
  }

  /** The bytes of a file up to its first record. */
  private final class Beginning {

    // -- given --
    private final String path;
    private final RandomAccessFile input;

    // -- so far --
    private byte[] bytes = new byte[0];
    private int at;
    private long line = 1;
    private List<String> names = List.of();

    Beginning(String path, RandomAccessFile input) {
      this.path = path;
      this.input = input;
    }

    void read() throws IOException {
      fill();
      refuseOtherFormats();
      skipByteOrderMark();
      skipBlankLines();
      if (at == bytes.length) {
        return;
      }
      RecordScanner scanner = syntax.scanner();
      int end = recordEnd(scanner);
      List<String> fields = fields(end);
      if (csv.header()) {
        names = checked(fields);
        at = end;
        line += scanner.lineEnds();
        skipBlankLines();
      } else {
        names = new ArrayList<>();
        for (int i = 1; i <= fields.size(); i++) {
          names.add(String.valueOf(i));
        }
      }
    }

    /** Reads on; false at the end of the file. */
    private boolean fill() throws IOException {
      long left = input.length() - bytes.length;
      if (left <= 0) {
        return false;
      }
      int from = bytes.length;
      bytes = Arrays.copyOf(bytes, (int) Math.min(from + left, Math.max(BLOCK, 2L * from)));
      input.readFully(bytes, from, bytes.length - from);
      return true;
    }

    private void refuseOtherFormats() {
      String format = null;
      if (startsWith(0x1F, 0x8B)) {
        format = "compressed with gzip. Decompress it first";
      } else if (startsWith(0x28, 0xB5, 0x2F, 0xFD)) {
        format = "compressed with zstd. Decompress it first";
      } else if (startsWith('P', 'K', 3, 4)) {
        format = "a ZIP archive, as .xlsx files are. Extract it, or save it as CSV";
      } else if (startsWith(0xFE, 0xFF) || startsWith(0xFF, 0xFE)) {
        format = "in UTF-16, by its byte order mark. Convert it to UTF-8";
      }
      if (format != null) {
        throw new InputException("file '" + path + "' is " + format);
      }
    }

    private boolean startsWith(int... values) {
      boolean same = bytes.length >= values.length;
      for (int i = 0; same && i < values.length; i++) {
        same = (bytes[i] & 0xFF) == values[i];
      }
      return same;
    }

    private void skipByteOrderMark() {
      if (syntax.charset().equals(StandardCharsets.UTF_8) && startsWith(0xEF, 0xBB, 0xBF)) {
        at = 3;
      }
    }

    private void skipBlankLines() throws IOException {
      while ((at < bytes.length || fill()) && CsvSyntax.isLineEnd(bytes[at])) {
        boolean continued = bytes[at] == '\n' && at > 0 && bytes[at - 1] == '\r';
        line += continued ? 0 : 1;
        at++;
      }
    }

    private int recordEnd(RecordScanner scanner) throws IOException {
      int scanned = at;
      while (true) {
        int end = scanner.next(bytes, scanned, bytes.length);
        if ((end >= 0 ? end : bytes.length) - at > csv.maxRecord() + 2) {
          throw fault(
              "is longer than max-record (" + csv.maxRecord() + " bytes). Is a quote open?");
        }
        if (end >= 0) {
          return end;
        }
        scanned = bytes.length;
        if (!fill()) {
          if (scanner.isQuoted()) {
            throw fault("opens a quote that is not closed before the end of the file");
          }
          return scanned;
        }
      }
    }

    private InputException fault(String what) {
      String record = csv.header() ? "the header" : "the first record";
      return new InputException("file '" + path + "', line " + line + ": " + record + " " + what);
    }

    private List<String> fields(int end) {
      List<String> fields = new ArrayList<>();
      try {
        FieldCursor cursor = new FieldCursor(syntax, bytes, at, end);
        while (cursor.next()) {
          String text =
              csv.header() ? syntax.text(cursor.bytes(), cursor.start(), cursor.end()) : "";
          fields.add(csv.trim() ? text.strip() : text);
        }
      } catch (FieldCursor.FaultException error) {
        if (csv.header()) {
          throw fault(
              error.fault() == FieldCursor.Fault.TEXT_AFTER_QUOTE
                  ? "has text after the closing quote of field " + (fields.size() + 1)
                  : "opens a quote in field " + (fields.size() + 1) + " that is not closed");
        }
      } catch (CsvSyntax.UndecodableException error) {
        throw fault("is not in " + syntax.charset().name() + ". Set 'charset' to what it is in");
      }
      return fields;
    }

    private List<String> checked(List<String> fields) {
      Map<String, Integer> seen = new HashMap<>();
      for (int i = 0; i < fields.size(); i++) {
        Integer before = seen.put(fields.get(i), i);
        if (before != null) {
          throw fault("names '" + fields.get(i) + "' twice, in fields " + (before + 1) + " and "
              + (i + 1) + ". Names must differ");
        }
      }
      return fields;
    }
  }
}

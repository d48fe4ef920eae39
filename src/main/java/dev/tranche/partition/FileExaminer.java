package dev.tranche.partition;

import dev.tranche.row.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * Finds out about a file what must be known before it is cut, reading only its beginning; all of it
 * where it cannot be cut, since it must then stay as it is.
 */
public final class FileExaminer {

  private static final int BLOCK = 8192;

  private final CsvSyntax syntax;
  private final FileKind kind;
  private final boolean header;

  public FileExaminer(FileKind kind) {
    this.syntax = kind.syntax();
    this.kind = kind;
    this.header = kind.beginning() == FileKind.Beginning.HEADER;
  }

  /**
   * Examines one file.
   *
   * @param path its name in the result and in messages
   * @throws InputException if it cannot be read, or its beginning shows that it is no file of
   *     this kind
   */
  public FileFacts examine(String path, Path file) {
    try (InputStream input = Compression.of(path).open(file)) {
      Beginning beginning = new Beginning(path, input);
      beginning.read();
      return new FileFacts(
          path,
          Files.size(file),
          Files.getLastModifiedTime(file).toInstant(),
          beginning.names,
          beginning.at,
          beginning.line,
          kind.isWhole(path) ? whole(file) : Digest.of(beginning.bytes, 0, beginning.at));
    } catch (IOException error) {
      throw InputException.unreadable(path, file, error);
    }
  }

  /** Of all bytes of a file, as they are stored. */
  private static Digest whole(Path file) throws IOException {
    CheckedInputStream all = new CheckedInputStream(Files.newInputStream(file), new CRC32C());
    try (all) {
      long length = all.transferTo(OutputStream.nullOutputStream());
      return new Digest((int) all.getChecksum().getValue(), length);
    }
  }

  /** The bytes of a file up to its first record. */
  private final class Beginning {

    // -- given --
    private final String path;
    private final InputStream input;

    // -- so far --
    private byte[] bytes = new byte[0];
    private int at;
    private long line = 1;
    private List<String> names = List.of();

    Beginning(String path, InputStream input) {
      this.path = path;
      this.input = input;
    }

    void read() throws IOException {
      fill();
      refuseOtherFormats();
      skipByteOrderMark();
      skipBlankLines();
      if (kind.beginning() == FileKind.Beginning.BRACKET) {
        skipBracket();
        return;
      }
      if (at == bytes.length) {
        return;
      }
      RecordScanner scanner = syntax.scanner();
      int end = recordEnd(scanner);
      List<String> fields = fields(end);
      if (header) {
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
      byte[] more = input.readNBytes(Math.max(BLOCK, bytes.length));
      int from = bytes.length;
      bytes = Arrays.copyOf(bytes, from + more.length);
      System.arraycopy(more, 0, bytes, from, more.length);
      return more.length > 0;
    }

    private void refuseOtherFormats() {
      String format = null;
      if (startsWith(0x1F, 0x8B)) {
        format = "compressed with gzip. Give it a name that ends in .gz";
      } else if (startsWith(0x28, 0xB5, 0x2F, 0xFD)) {
        format = "compressed with zstd. Give it a name that ends in .zst";
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

    /** To the first element; to the end if there is none. */
    private void skipBracket() throws IOException {
      skipBlanks();
      if (at == bytes.length || bytes[at] != '[') {
        throw new InputException("file '" + path + "' is no JSON array: it does not begin with"
            + " '['. Use 'type: jsonl' for an object on each line");
      }
      at++;
      skipBlanks();
      if (at < bytes.length && bytes[at] == ']') {
        at++;
        skipBlanks();
      }
    }

    private void skipBlanks() throws IOException {
      while ((at < bytes.length || fill()) && bytes[at] <= ' ' && bytes[at] >= 0) {
        line += bytes[at] == '\n' ? 1 : 0;
        at++;
      }
    }

    private int recordEnd(RecordScanner scanner) throws IOException {
      int scanned = at;
      while (true) {
        int end = scanner.next(bytes, scanned, bytes.length);
        if ((end >= 0 ? end : bytes.length) - at > kind.maxRecord() + 2) {
          throw fault(
              "is longer than max-record (" + kind.maxRecord() + " bytes). Is a quote open?");
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
      String record = header ? "the header" : "the first record";
      return new InputException("file '" + path + "', line " + line + ": " + record + " " + what);
    }

    private List<String> fields(int end) {
      List<String> fields = new ArrayList<>();
      try {
        FieldCursor cursor = new FieldCursor(syntax, bytes, at, end);
        while (cursor.next()) {
          String text =
              header ? syntax.text(cursor.bytes(), cursor.start(), cursor.end()) : "";
          fields.add(kind.trim() ? text.strip() : text);
        }
      } catch (FieldCursor.FaultException error) {
        if (header) {
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

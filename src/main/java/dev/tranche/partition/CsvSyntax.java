package dev.tranche.partition;

import dev.tranche.definition.ReadDefinition;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * How records and fields are told apart in the bytes of a CSV file.
 *
 * <p>A record ends with {@code \n}, {@code \r\n} or a lone {@code \r}. A quote opens a quoted field
 * only as its very first byte, so that in {@code 5" pipe} it is data; inside quotes it is written
 * twice. All of that is decided by bytes, which is right in every charset accepted here: one byte
 * for each ASCII character and none of those bytes within another character.
 *
 * @param multiline whether a quoted field may hold line ends; if not, a line end always ends the
 *     record
 */
public record CsvSyntax(byte delimiter, byte quote, boolean multiline, Charset charset) {

  static final byte LF = '\n';
  static final byte CR = '\r';

  /** What decoding puts in the place of bytes it does not understand. */
  private static final char REPLACEMENT = '\uFFFD';

  /**
   * The syntax that {@code csv} asks for.
   *
   * @throws InputException if its charset or its delimiter cannot be found byte by byte
   */
  public static CsvSyntax of(ReadDefinition.Csv csv) {
    if (!isSplitOnBytes(csv.charset())) {
      throw new InputException("charset "
          + csv.charset().name()
          + " cannot be read: files are split byte by byte, which needs UTF-8 or a charset of"
          + " single bytes such as ISO-8859-1 or windows-1252. Convert the files to UTF-8");
    }
    byte delimiter = ascii("delimiter", csv.delimiter());
    byte quote = ascii("quote", csv.quote());
    if (delimiter == quote) {
      throw new InputException(
          "delimiter and quote are both '" + csv.quote() + "'; they must differ");
    }
    return new CsvSyntax(delimiter, quote, csv.multiline(), csv.charset());
  }

  /** A scanner that stands at the start of a record. */
  public RecordScanner scanner() {
    return new RecordScanner(this);
  }

  /** Whether {@code value} ends a line, or is a part of what does. */
  public static boolean isLineEnd(byte value) {
    return value == LF || value == CR;
  }

  /**
   * The bytes {@code from} to before {@code to} as text.
   *
   * @throws UndecodableException if they are not text of the charset
   */
  public String text(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, charset);
    if (text.indexOf(REPLACEMENT) >= 0) {
      checkDecodable(bytes, from, to);
    }
    return text;
  }

  private void checkDecodable(byte[] bytes, int from, int to) {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
    CoderResult result = charset.newDecoder().decode(in, CharBuffer.allocate(to - from), true);
    if (result.isError()) {
      throw new UndecodableException(in.position());
    }
  }

  /** Thrown by {@link #text}: a byte is not part of any character of the charset. */
  public static final class UndecodableException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final int index;

    private UndecodableException(int index) {
      super("byte " + index, null, false, false);
      this.index = index;
    }

    /** The index of the first bad byte. */
    public int index() {
      return index;
    }
  }

  private static byte ascii(String name, char value) {
    if (value > 0x7F || value == LF || value == CR) {
      throw new InputException(
          name + " '" + value + "' cannot be used: it must be one ASCII character, not a line end");
    }
    return (byte) value;
  }

  private static boolean isSplitOnBytes(Charset charset) {
    if (charset.equals(StandardCharsets.UTF_8)) {
      return true;
    }
    if (!charset.canEncode() || charset.newEncoder().maxBytesPerChar() != 1.0f) {
      return false;
    }
    byte[] ascii = new byte[128];
    for (int i = 0; i < ascii.length; i++) {
      ascii[i] = (byte) i;
    }
    return new String(ascii, charset).equals(new String(ascii, StandardCharsets.US_ASCII));
  }
}

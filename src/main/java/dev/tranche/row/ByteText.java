package dev.tranche.row;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Bytes as a text, which is all that a row can hold of them: {@code \x} and two hexadecimal digits
 * for each, as PostgreSQL shows and takes them.
 */
public final class ByteText {

  private static final String HEX = "\\x";

  private ByteText() {}

  public static String of(byte[] bytes) {
    return HEX + HexFormat.of().formatHex(bytes);
  }

  /**
   * The bytes that {@code text} stands for; of a text that is none of {@link #of}, its own in UTF-8.
   *
   * @throws IllegalArgumentException if it begins as one, and does not go on so
   */
  public static byte[] parse(String text) {
    if (!text.startsWith(HEX)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return HexFormat.of().parseHex(text, HEX.length(), text.length());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' begins as bytes do, and is not \\x and pairs of hexadecimal digits", e);
    }
  }
}

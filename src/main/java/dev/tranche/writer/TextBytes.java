package dev.tranche.writer;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into bytes of UTF-8 or of a charset of single bytes: exactly, or not at all. Immutable;
 * safe for all threads.
 */
final class TextBytes {

  private static final int NONE = -1;
  private static final int ASCII = 0x80;

  private final Charset charset;

  /** Character to its byte, {@link #NONE} for those without; null for UTF-8. */
  private final int @Nullable [] table;

  TextBytes(Charset charset) {
    this.charset = charset;
    this.table = charset.equals(StandardCharsets.UTF_8) ? null : table(charset);
  }

  boolean isUtf8() {
    return table == null;
  }

  private static int[] table(Charset charset) {
    int[] table = new int[1 << Character.SIZE];
    Arrays.fill(table, NONE);
    for (int value = 0; value < 1 << Byte.SIZE; value++) {
      byte[] one = {(byte) value};
      String text = new String(one, charset);
      if (text.length() == 1 && Arrays.equals(text.getBytes(charset), one)) {
        table[text.charAt(0)] = value;
      }
    }
    return table;
  }

  /**
   * Writes the character at {@code index} of {@code text}, a pair of surrogates as one.
   *
   * @return the index of the next character
   * @throws IllegalArgumentException if the charset has no bytes for it; the message says so of
   *     whatever comes before it
   */
  int put(String text, int index, Bytes into) {
    char c = text.charAt(index);
    if (table != null) {
      if (table[c] == NONE) {
        throw unmappable(text.codePointAt(index));
      }
      into.put(table[c]);
      return index + 1;
    }
    if (c < ASCII) {
      into.put(c);
      return index + 1;
    }
    return utf8(text, index, into);
  }

  /**
   * Writes a text as a whole.
   *
   * @throws IllegalArgumentException as for one of its characters
   */
  void put(String text, Bytes into) {
    for (int i = table == null ? into.asciiPrefix(text) : 0; i < text.length(); ) {
      i = put(text, i, into);
    }
  }

  private int utf8(String text, int index, Bytes into) {
    int point = text.codePointAt(index);
    if (point < 0x800) {
      into.put(0xC0 | point >> 6);
    } else if (point < 0x10000) {
      if (Character.isSurrogate((char) point)) {
        throw unmappable(point);
      }
      into.put(0xE0 | point >> 12);
      into.put(ASCII | point >> 6 & 0x3F);
    } else {
      into.put(0xF0 | point >> 18);
      into.put(ASCII | point >> 12 & 0x3F);
      into.put(ASCII | point >> 6 & 0x3F);
    }
    into.put(ASCII | point & 0x3F);
    return index + Character.charCount(point);
  }

  private IllegalArgumentException unmappable(int point) {
    return new IllegalArgumentException(
        "holds the character U+%04X, which %s cannot write".formatted(point, charset.name()));
  }
}

package dev.tranche.partition;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** How the bytes of a file are stored, as its name says. */
public enum Compression {
  NONE(""),
  GZIP(".gz");

  /** A file that inflates to more than this is looked at. */
  private static final long HARMLESS = 64L << 20;

  /** Text shrinks to a tenth or so; more than this is a trap, or not worth to be read as it is. */
  private static final long RATIO = 250;

  private static final int BUFFER = 1 << 16;

  private final String ending;

  Compression(String ending) {
    this.ending = ending;
  }

  public static Compression of(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith(GZIP.ending) ? GZIP : NONE;
  }

  /** Whether a place in it is found only by reading all before it. */
  public boolean isForwardOnly() {
    return this != NONE;
  }

  /**
   * The bytes as they were before they were compressed.
   *
   * @throws IOException also while it is read: if it is broken, or inflates without end
   */
  public InputStream open(Path file) throws IOException {
    InputStream stored = Files.newInputStream(file);
    if (this == NONE) {
      return stored;
    }
    try {
      Inflating inflating = new Inflating(stored);
      inflating.begin();
      return inflating;
    } catch (IOException | RuntimeException broken) {
      stored.close();
      throw broken;
    }
  }

  /** Counts what goes in and what comes out. One thread. */
  private static final class Inflating extends InputStream {

    private final InputStream stored;
    private InputStream inflated = InputStream.nullInputStream();
    private long in;
    private long out;

    Inflating(InputStream stored) {
      this.stored = new BufferedInputStream(stored, BUFFER);
    }

    void begin() throws IOException {
      InputStream counted = new InputStream() {
        @Override
        public int read() throws IOException {
          int value = stored.read();
          in += value < 0 ? 0 : 1;
          return value;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
          int read = stored.read(bytes, from, length);
          in += Math.max(0, read);
          return read;
        }

        @Override
        public int available() throws IOException {
          return stored.available();
        }
      };
      inflated = new GZIPInputStream(counted, BUFFER);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = inflated.read(bytes, from, length);
      out += Math.max(0, read);
      if (out > HARMLESS && out / RATIO > in) {
        throw new IOException("its first " + in + " bytes inflate to more than " + out
            + ", over " + RATIO + " times as much, as a trap does. If it is right, decompress it"
            + " first");
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      stored.close();
    }
  }
}

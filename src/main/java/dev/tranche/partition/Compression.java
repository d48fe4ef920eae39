package dev.tranche.partition;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** How the bytes of a file are stored, as its name says. */
public enum Compression {
  NONE(""),
  GZIP(".gz"),
  /** By a library that need not be there. */
  ZSTD(".zst");

  /** A file that inflates to more than this is looked at. */
  private static final long HARMLESS = 64L << 20;

  /** Text shrinks to a tenth or so; more than this is a trap, or not worth to be read as it is. */
  private static final long RATIO = 250;

  private static final int BUFFER = 1 << 16;
  private static final String ZSTD_CLASS = "com.github.luben.zstd.ZstdInputStream";

  private final String ending;

  Compression(String ending) {
    this.ending = ending;
  }

  public static Compression of(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(each -> each != NONE && name.endsWith(each.ending))
        .findFirst()
        .orElse(NONE);
  }

  /** What the names of such files end in. */
  public String ending() {
    return ending;
  }

  /** Why it cannot be used here, as a part of a sentence; null if it can. */
  public @Nullable String missing() {
    return missing(Compression.class.getClassLoader());
  }

  @Nullable String missing(@Nullable ClassLoader classes) {
    return this == ZSTD && !ClassUtils.isPresent(ZSTD_CLASS, classes)
        ? "needs the library com.github.luben:zstd-jni, which this application does not have. Add it"
            + " to the application, or use '.gz'"
        : null;
  }

  /**
   * Compresses what is written to it; all of it is in {@code stored} once it is closed. What is
   * written so, one after another, makes one file.
   */
  public OutputStream to(OutputStream stored) throws IOException {
    return switch (this) {
      case NONE -> stored;
      case GZIP -> new GZIPOutputStream(stored, BUFFER);
      case ZSTD -> Zstd.to(stored);
    };
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
    String missing = missing();
    if (missing != null) {
      throw new IOException("'" + ending + "' " + missing);
    }
    InputStream stored = Files.newInputStream(file);
    if (this == NONE) {
      return stored;
    }
    try {
      Inflating inflating = new Inflating(stored);
      inflating.begin(this);
      return inflating;
    } catch (IOException | RuntimeException broken) {
      stored.close();
      throw broken;
    }
  }

  /** Loaded only where the library is there. */
  private static final class Zstd {

    static InputStream of(InputStream stored) throws IOException {
      return new ZstdInputStream(stored);
    }

    static OutputStream to(OutputStream stored) throws IOException {
      return new ZstdOutputStream(stored).setChecksum(true);
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

    void begin(Compression compression) throws IOException {
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
      inflated =
          compression == ZSTD ? Zstd.of(counted) : new GZIPInputStream(counted, BUFFER);
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
      try (InputStream file = stored) {
        inflated.close(); // which also frees what is not the heap's
      }
    }
  }
}

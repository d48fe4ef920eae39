package dev.tranche.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The last line of a terminal, redrawn in place; what others write goes above it.
 *
 * <p>Everything that ends up on the terminal must be written through this stream. Safe for all
 * threads.
 */
final class StatusLine extends OutputStream {

  private static final String ERASE = "\r\u001b[2K";

  private final OutputStream terminal;
  private final Charset charset;
  private @Nullable String shown;

  StatusLine(OutputStream terminal, Charset charset) {
    this.terminal = terminal;
    this.charset = charset;
  }

  synchronized void show(String line) throws IOException {
    terminal.write((ERASE + line).getBytes(charset));
    terminal.flush();
    shown = line;
  }

  synchronized void clear() throws IOException {
    if (shown != null) {
      shown = null;
      terminal.write(ERASE.getBytes(charset));
      terminal.flush();
    }
  }

  @Override
  public synchronized void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    clear();
    terminal.write(bytes, from, length);
  }

  @Override
  public synchronized void flush() throws IOException {
    terminal.flush();
  }
}

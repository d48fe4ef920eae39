package dev.tranche.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the command line writes: data to {@code out}, everything else to {@code err}.
 *
 * @param colour whether {@code out} may be coloured
 * @param status the line that shows progress; null if {@code err} is not a terminal
 */
record Terminal(
    PrintWriter out,
    PrintWriter err,
    boolean colour,
    @Nullable StatusLine status) {

  /**
   * The streams of this process. From now on what others print to standard output (log lines, code
   * that users plug in) goes to standard error, so that standard output is data only.
   */
  static Terminal ofProcess() {
    Map<String, String> environment = System.getenv();
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean outIsTerminal = isTerminal(1);
    Charset charset = charset(outIsTerminal);
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    OutputStream err = new FileOutputStream(FileDescriptor.err);
    StatusLine status = isTerminal(2) && !dumb ? new StatusLine(err, charset(true)) : null;
    PrintStream others = new PrintStream(status == null ? err : status, true, charset(true));
    System.setOut(others);
    System.setErr(others);
    return new Terminal(
        new PrintWriter(new PrintStream(out, false, charset), true),
        new PrintWriter(others, true),
        outIsTerminal && !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty(),
        status);
  }

  /** Shows {@code line} in place of the one before; nothing if there is no terminal. */
  void showStatus(String line) {
    try {
      if (status != null) {
        status.show(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void clearStatus() {
    try {
      if (status != null) {
        status.clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code text} as {@code out} shows it. */
  String red(String text) {
    return coloured(text, 31);
  }

  String green(String text) {
    return coloured(text, 32);
  }

  String yellow(String text) {
    return coloured(text, 33);
  }

  private String coloured(String text, int code) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target =
          Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException notLinux) {
      return System.console() != null && isTerminal(System.console());
    }
  }

  /** From Java 22 there is a console also without a terminal; it knows which. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException before22) {
      return true;
    }
  }

  /** A terminal's own charset; files and pipes get UTF-8, whatever the machine's locale. */
  private static Charset charset(boolean terminal) {
    String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    return terminal && name != null ? Charset.forName(name) : StandardCharsets.UTF_8;
  }
}

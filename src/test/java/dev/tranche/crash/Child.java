package dev.tranche.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process that runs the shipped jar. */
final class Child implements AutoCloseable {

  /** What it printed, and its exit code; 137 if it was killed. */
  record Result(int exit, String out, String err) {
    @Override
    public String toString() {
      return "exit " + exit + "\n--- stdout\n" + out + "\n--- stderr\n" + err;
    }
  }

  private final Process process;
  private final Reader out;
  private final Reader err;

  Child(Process process, Consumer<String> errLines) {
    this.process = process;
    this.out = new Reader(process.inputReader(), line -> {});
    this.err = new Reader(process.errorReader(), errLines);
    out.start();
    err.start();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGSTOP: it stands still, and its connections stay open. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT: it goes on as if nothing had been. */
  void wake() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().waitFor();
  }

  /** Lets the child work for a while; returns early if it ends. */
  void workFor(Duration duration) throws InterruptedException {
    process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What it printed so far. */
  String err() {
    return err.text();
  }

  Result await() throws InterruptedException {
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      kill();
      throw new AssertionError("the child did not end within 3 minutes: " + result());
    }
    out.join();
    err.join();
    return result();
  }

  private Result result() {
    return new Result(process.isAlive() ? -1 : process.exitValue(), out.text(), err.text());
  }

  @Override
  public void close() {
    kill();
  }

  private static final class Reader extends Thread {

    private final BufferedReader lines;
    private final Consumer<String> each;
    private final StringBuilder text = new StringBuilder();

    private Reader(BufferedReader lines, Consumer<String> each) {
      this.lines = lines;
      this.each = each;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          synchronized (text) {
            text.append(line).append('\n');
          }
          each.accept(line);
        }
      } catch (IOException closed) {
        if (!"Stream closed".equals(closed.getMessage())) {
          throw new UncheckedIOException(closed);
        }
      }
    }

    private String text() {
      synchronized (text) {
        return text.toString();
      }
    }
  }
}

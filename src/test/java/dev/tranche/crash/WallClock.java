package dev.tranche.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The wall clock of children, which can be put forward and back while they run, by a library that is
 * built with the machine's C compiler and loaded before theirs. The monotonic clock is left alone, as
 * a machine leaves it.
 */
final class WallClock implements AutoCloseable {

  private static final Path SOURCE = Path.of("src/test/native/wall-clock.c");
  private static final Path COMPILER = Path.of("/usr/bin/cc");

  private final Installation installation;
  private final Path file;

  WallClock(Installation installation) throws IOException {
    this.installation = installation;
    this.file = installation.directory().resolve("clock");
    set(Duration.ZERO);
    installation.env("WALL_CLOCK", file.toString()).env("LD_PRELOAD", library().toString());
  }

  /** Whether this machine can build one. */
  static boolean canBeSet() {
    return System.getProperty("os.name").equals("Linux") && Files.isExecutable(COMPILER);
  }

  private static Path library() throws IOException {
    Path library = Path.of("target", "wall-clock.so").toAbsolutePath();
    if (!Files.exists(library)) {
      Stream<String> command = Stream.of(
              COMPILER, "-shared", "-fPIC", "-o", library, SOURCE, "-ldl")
          .map(String::valueOf);
      try {
        int exit = new ProcessBuilder(command.toList()).inheritIO().start().waitFor();
        if (exit != 0) {
          throw new AssertionError(SOURCE + " cannot be built");
        }
      } catch (InterruptedException interrupt) {
        throw new UncheckedIOException(new IOException(interrupt));
      }
    }
    return library;
  }

  /** Sets it to so much after the true time, or before it. */
  void set(Duration ahead) throws IOException {
    ByteBuffer seconds =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(ahead.toSeconds());
    try (FileChannel clock =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      clock.write(seconds.flip(), 0);
    }
  }

  @Override
  public void close() throws IOException {
    installation.env("WALL_CLOCK", null).env("LD_PRELOAD", null);
    Files.deleteIfExists(file);
  }
}

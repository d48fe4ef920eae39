package dev.tranche.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The wall clock of children, which can be put forward and back while they run: Debian's package
 * {@code faketime}. The monotonic clock goes on as it was, as a machine's does.
 */
final class WallClock implements AutoCloseable {

  private static final List<Path> PLACES = List.of(
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
      Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
      Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"));

  private final Installation installation;
  private final Path offset;

  WallClock(Installation installation) {
    this.installation = installation;
    this.offset = installation.directory().resolve("clock");
    installation
        .env("LD_PRELOAD", library().orElseThrow().toString())
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_TIMESTAMP_FILE", offset.toString());
  }

  /** Whether there is one on this machine. */
  static boolean canBeSet() {
    return library().isPresent();
  }

  private static Optional<Path> library() {
    return PLACES.stream().filter(Files::exists).findFirst();
  }

  /** Sets it to so much after the true time, or before it. */
  void set(Duration ahead) throws IOException {
    Path next = offset.resolveSibling("clock.next");
    Files.writeString(next, "%+d\n".formatted(ahead.toSeconds()));
    Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    List.of(
            "LD_PRELOAD",
            "FAKETIME_DONT_FAKE_MONOTONIC",
            "FAKETIME_NO_CACHE",
            "FAKETIME_TIMESTAMP_FILE")
        .forEach(variable -> installation.env(variable, null));
    Files.deleteIfExists(offset);
  }
}

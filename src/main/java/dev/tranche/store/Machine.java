package dev.tranche.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * This machine, as far as it can vouch for processes: which ones run, and which are gone.
 *
 * <p>Wrongly taking a living process for dead is the mistake to avoid: where this machine cannot be
 * sure, it says nothing. Immutable.
 *
 * @param host its name, for people
 * @param boot what no other machine, no earlier boot and no other container has; empty if unknown
 */
record Machine(String host, String boot) {

  private static final Path PROC = Path.of("/proc");

  /** Fields of /proc/pid/stat, counted from the one after the name, which may hold anything. */
  private static final int STATE = 0;

  private static final int START_TICKS = 19;

  /** A process by what the machine knows it by. */
  record Identity(String host, String boot, long pid, String started) {}

  static Machine here() {
    return new Machine(hostName(), bootId());
  }

  /** This process. */
  Identity self() {
    return of(ProcessHandle.current().pid());
  }

  /** A living process of this machine. */
  Identity of(long pid) {
    String started = started(pid);
    return new Identity(host, boot, pid, started == null ? "" : started);
  }

  /** Whether {@code process} ran here, in this boot and container, and would be seen if it lived. */
  boolean canVouchFor(Identity process) {
    return !boot.isEmpty()
        && boot.equals(process.boot)
        && host.equals(process.host)
        && !process.started.isEmpty()
        && seesAllProcesses();
  }

  /** Whether {@code process} lives, if this machine can vouch for it. */
  boolean isAlive(Identity process) {
    return process.started.equals(started(process.pid));
  }

  /** With /proc mounted so that it hides other users' processes, absence proves nothing. */
  private static boolean seesAllProcesses() {
    return !Files.isDirectory(PROC.resolve("self")) || Files.isReadable(PROC.resolve("1/stat"));
  }

  /** When {@code pid} was started, in words that compare on one boot; null if it does not run. */
  private static @Nullable String started(long pid) {
    Path stat = PROC.resolve(pid + "/stat");
    if (!Files.isDirectory(PROC.resolve("self"))) {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .flatMap(process -> process.info().startInstant())
          .map(Instant::toString)
          .orElse(null);
    }
    try {
      String text = Files.readString(stat);
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
      // Ticks since the boot: unlike an instant, no correction of the clock changes them.
      return ended ? null : fields[START_TICKS] + " ticks";
    } catch (IOException gone) {
      return null;
    }
  }

  private static String bootId() {
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      // Containers of one kernel have its boot id, but each counts its own pids.
      return boot + " " + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    } catch (IOException | UnsupportedOperationException unknown) {
      return "";
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}

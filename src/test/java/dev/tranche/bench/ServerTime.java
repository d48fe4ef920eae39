package dev.tranche.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Processor time that a PostgreSQL server on this machine has spent, all of its sessions together.
 * On Linux only: elsewhere, and of a server on another machine, it is always 0.
 */
final class ServerTime {

  /** In units of {@code /proc}, which are hundredths of a second on every Linux there is. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final int PARENT = 1;
  private static final int USER = 11;
  private static final int CHILDREN_SYSTEM = 14;

  private final long postmaster;

  ServerTime(JdbcClient client) {
    int session = client.sql("select pg_backend_pid()").query(Integer.class).single();
    String[] stat = stat(session);
    this.postmaster = stat.length == 0 ? 0 : Long.parseLong(stat[PARENT]);
  }

  /** Until now, in nanoseconds; of sessions that have ended too. */
  long nanos() {
    if (postmaster == 0) {
      return 0;
    }
    long sessions = ProcessHandle.of(postmaster).stream()
        .flatMap(ProcessHandle::children)
        .mapToLong(each -> ticks(each.pid(), 2))
        .sum();
    return NANOS_PER_TICK * (sessions + ticks(postmaster, CHILDREN_SYSTEM - USER + 1));
  }

  private static long ticks(long pid, int fields) {
    String[] stat = stat(pid);
    return stat.length == 0
        ? 0
        : Stream.of(stat).skip(USER).limit(fields).mapToLong(Long::parseLong).sum();
  }

  /** What stands behind the name of a process, which may hold spaces. */
  private static String[] stat(long pid) {
    try {
      String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (IOException elsewhere) {
      return new String[0];
    }
  }
}

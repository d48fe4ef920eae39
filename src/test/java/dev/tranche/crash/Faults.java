package dev.tranche.crash;

import dev.tranche.crash.Fault.Struck;
import dev.tranche.crash.Line.Cut;
import dev.tranche.crash.Site.Role;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** The faults of the laboratory. Each draws its point from the scene's random numbers. */
final class Faults {

  private static final Predicate<Scene> ANYWHERE = scene -> true;
  private static final Predicate<Scene> ON_ITS_DISK = scene -> scene.target().growth() != null;
  private static final Predicate<Scene> ON_A_LINE = scene -> scene.site().line(Role.TARGET) != null;
  private static final Predicate<Scene> ON_TWO_LINES =
      ON_A_LINE.and(scene -> scene.site().line(Role.TARGET) != scene.site().line(Role.REPOSITORY));
  private static final Predicate<Scene> WITH_ITS_SERVER = scene -> scene.site().server() != null;
  private static final Predicate<Scene> WITH_A_CLOCK = scene -> WallClock.canBeSet();

  private static final int KILLED = 137;
  private static final int TERMINATED = 143;

  /** What a run ends with that cannot go on. */
  private static final Set<Integer> FAILS = Set.of(1);

  private static final Set<Integer> BEARS_IT = Set.of();

  private Faults() {}

  static List<Fault> all() {
    return List.of(
        new Fault("SIGKILL", ANYWHERE, Faults::kill),
        new Fault("SIGTERM", ANYWHERE, Faults::terminate),
        new Fault("pause", ANYWHERE, Faults::pause),
        new Fault("disk full", ON_ITS_DISK, Faults::fillDisk),
        new Fault("cut before commit, target", ON_A_LINE, cut(Role.TARGET, Cut.BEFORE)),
        new Fault("cut after commit, target", ON_A_LINE, cut(Role.TARGET, Cut.AFTER)),
        new Fault("commit lands later, target", ON_A_LINE, cut(Role.TARGET, Cut.LATER)),
        new Fault("cut before commit, repository", ON_TWO_LINES, cut(Role.REPOSITORY, Cut.BEFORE)),
        new Fault("cut after commit, repository", ON_TWO_LINES, cut(Role.REPOSITORY, Cut.AFTER)),
        new Fault("commit lands later, repository", ON_TWO_LINES, cut(Role.REPOSITORY, Cut.LATER)),
        new Fault("short outage, target", ON_A_LINE, shortOutage(Role.TARGET)),
        new Fault("short outage, repository", ON_TWO_LINES, shortOutage(Role.REPOSITORY)),
        new Fault("long outage, target", ON_A_LINE, longOutage(Role.TARGET)),
        new Fault("long outage, repository", ON_TWO_LINES, longOutage(Role.REPOSITORY)),
        new Fault("down before the start, target", ON_TWO_LINES, downBefore(Role.TARGET)),
        new Fault("down before the start, repository", ON_A_LINE, downBefore(Role.REPOSITORY)),
        new Fault("silence, target", ON_A_LINE, silence(Role.TARGET)),
        new Fault("silence, repository", ON_TWO_LINES, silence(Role.REPOSITORY)),
        new Fault("database killed", WITH_ITS_SERVER, Faults::killServer),
        new Fault("zombie", ON_A_LINE, scene -> zombie(scene, false)),
        new Fault("zombie with locks", ON_A_LINE, scene -> zombie(scene, true)),
        new Fault("clock jumps", WITH_A_CLOCK, Faults::jumpInTime));
  }

  private static Struck kill(Scene scene) throws Exception {
    long at = scene.drawRows();
    try (Child child = scene.start()) {
      scene.await(child, at);
      child.kill();
      Child.Result end = child.await();
      return new Struck(end.exit() == KILLED, rows(at), end, Set.of(KILLED));
    }
  }

  private static Struck terminate(Scene scene) throws Exception {
    long at = scene.drawRows();
    try (Child child = scene.start()) {
      scene.await(child, at);
      child.terminate();
      Child.Result end = child.await();
      return new Struck(end.exit() == TERMINATED, rows(at), end, Set.of(TERMINATED));
    }
  }

  /** Stands still for longer than the lease, but nobody looks. */
  private static Struck pause(Scene scene) throws Exception {
    long at = scene.drawRows();
    int millis = scene.random().nextInt(8_000);
    try (Child child = scene.start()) {
      scene.await(child, at);
      boolean struck = child.isAlive();
      child.pause();
      child.workFor(Duration.ofMillis(millis));
      child.wake();
      return new Struck(struck, rows(at) + " for " + millis + " ms", child.await(), BEARS_IT);
    }
  }

  /** No file may grow beyond a size that the target's is about to reach. */
  private static Struck fillDisk(Scene scene) throws Exception {
    Target.Growth growth = Objects.requireNonNull(scene.target().growth());
    long size = Files.exists(growth.file()) ? Files.size(growth.file()) : 0;
    long blocks = size / 512 + 64 + scene.random().nextInt(growth.blocks());
    scene
        .installation()
        .set("tranche.patience", "2s")
        .within("sh", "-c", "ulimit -f " + blocks + "; exec \"$0\" \"$@\"");
    try (Child child = scene.start()) {
      Child.Result end = child.await();
      return new Struck(end.exit() != 0, "at " + blocks * 512 + " bytes", end, FAILS);
    } finally {
      scene.installation().set("tranche.patience", Laboratory.PATIENCE).within();
    }
  }

  private static Fault.Strike cut(Role role, Cut cut) {
    return scene -> {
      Line line = line(scene, role);
      int at = scene.drawCommits(role);
      line.cutAt(at, cut, () -> {});
      try (Child child = scene.start()) {
        Child.Result end = child.await();
        return new Struck(line.hasStruck(), commit(at), end, BEARS_IT);
      } finally {
        line.calm();
      }
    };
  }

  /** Shorter than patience: waited out. */
  private static Fault.Strike shortOutage(Role role) {
    return scene -> {
      int millis = 200 + scene.random().nextInt(3_000);
      return outage(scene, role, child -> child.workFor(Duration.ofMillis(millis)), BEARS_IT)
          .plus(" for " + millis + " ms");
    };
  }

  /** Longer than patience: the run gives up, and fails. */
  private static Fault.Strike longOutage(Role role) {
    return scene -> {
      scene.installation().set("tranche.patience", "2s");
      try {
        return outage(scene, role, Child::await, FAILS).plus(" to the end");
      } finally {
        scene.installation().set("tranche.patience", Laboratory.PATIENCE);
      }
    };
  }

  private interface Wait {
    void with(Child child) throws InterruptedException;
  }

  private static Struck outage(Scene scene, Role role, Wait wait, Set<Integer> expected)
      throws Exception {
    Line line = line(scene, role);
    int at = scene.drawCommits(role);
    Cut cut = Cut.values()[scene.random().nextInt(2)];
    CountDownLatch isDown = new CountDownLatch(1);
    line.cutAt(at, cut, () -> {
      line.down();
      isDown.countDown();
    });
    try (Child child = scene.start()) {
      while (child.isAlive() && isDown.getCount() > 0) {
        child.workFor(Duration.ofMillis(20));
      }
      wait.with(child);
      line.up();
      return new Struck(line.hasStruck(), cut + " " + commit(at), child.await(), expected);
    } finally {
      line.calm();
      line.up();
    }
  }

  /** A run that cannot begin says so, or waits. */
  private static Fault.Strike downBefore(Role role) {
    return scene -> {
      Line line = line(scene, role);
      int millis = 1_000 + scene.random().nextInt(12_000);
      line.down();
      try (Child child = scene.start()) {
        child.workFor(Duration.ofMillis(millis));
        line.up();
        return new Struck(true, "for " + millis + " ms", child.await(), FAILS);
      } finally {
        line.up();
      }
    };
  }

  /** Nobody says that the connections are gone, and in the end they are not. */
  private static Fault.Strike silence(Role role) {
    return scene -> {
      Line line = line(scene, role);
      long at = scene.drawRows();
      int millis = 200 + scene.random().nextInt(6_000);
      try (Child child = scene.start()) {
        scene.await(child, at);
        boolean struck = child.isAlive();
        line.fallSilent();
        child.workFor(Duration.ofMillis(millis));
        line.speak();
        return new Struck(struck, rows(at) + " for " + millis + " ms", child.await(), BEARS_IT);
      } finally {
        line.speak();
      }
    };
  }

  private static Struck killServer(Scene scene) throws Exception {
    Server server = Objects.requireNonNull(scene.site().server());
    boolean nine = scene.random().nextBoolean();
    long at = scene.drawRows();
    try (Child child = scene.start()) {
      scene.await(child, at);
      boolean struck = child.isAlive();
      if (struck) {
        server.kill(nine);
        child.workFor(Duration.ofMillis(scene.random().nextInt(1_000)));
        server.restart();
      }
      String how = nine ? "kill -9 of all of it, " : "stopped at once, ";
      return new Struck(struck, how + rows(at), child.await(), BEARS_IT);
    }
  }

  /**
   * Stands still until another process has taken its run, and some of it or all of it is done; then
   * wakes up.
   */
  private static Struck zombie(Scene scene, boolean locked) throws Exception {
    long at = scene.drawRows();
    boolean early = scene.random().nextBoolean();
    try (Child first = scene.start()) {
      scene.await(first, Math.max(1, at));
      boolean struck = first.isAlive() && pause(scene, first, locked);
      if (!struck) {
        first.wake();
        return new Struck(false, "never idle", first.await(), BEARS_IT);
      }
      scene.hear(new Child.Result(-1, "", first.err()));
      return takeOver(scene, first, early, rows(at));
    }
  }

  private static Struck takeOver(Scene scene, Child zombie, boolean early, String point)
      throws Exception {
    try (Child second = scene.start()) {
      if (early) {
        scene.awaitMore(second);
      } else {
        second.await();
      }
      zombie.wake();
      Child.Result woken = zombie.await();
      Child.Result end = second.await();
      if (end.exit() == 0 && woken.exit() == 0) {
        throw new AssertionError("both say that they completed: " + woken);
      }
      String when = early ? ", wakes while the other runs" : ", wakes when the other is done";
      return new Struck(true, point + when, end, BEARS_IT);
    }
  }

  /** Stops it in the middle of a transaction, or between all of them. */
  private static boolean pause(Scene scene, Child child, boolean locked) throws Exception {
    for (int attempt = 1; attempt <= 500 && child.isAlive(); attempt++) {
      child.pause();
      if (scene.site().sessions(true).isEmpty() != locked) {
        return true;
      }
      child.wake();
      child.workFor(Duration.ofMillis(scene.random().nextInt(10)));
    }
    return false;
  }

  /** The wall clock goes wrong by up to a year, before the start and again while it works. */
  private static Struck jumpInTime(Scene scene) throws Exception {
    long at = scene.drawRows();
    try (WallClock clock = new WallClock(scene.installation())) {
      clock.set(drawJump(scene));
      try (Child child = scene.start()) {
        scene.await(child, at);
        boolean struck = child.isAlive();
        Duration ahead = drawJump(scene);
        clock.set(ahead);
        // Not with H2, which tells by the clock whether whoever has its lock file is alive.
        if (struck && scene.random().nextBoolean() && !(scene.site() instanceof H2Site)) {
          scene.recover(); // to which the run must look as alive as it is
        }
        Child.Result end = child.await();
        return new Struck(
            struck && scene.isNewestEndOff(ahead), rows(at) + " by " + ahead, end, BEARS_IT);
      }
    }
  }

  private static Duration drawJump(Scene scene) {
    Duration jump = Duration.ofHours(2 + scene.random().nextInt(365 * 24));
    return scene.random().nextBoolean() ? jump : jump.negated();
  }

  private static Line line(Scene scene, Role role) {
    return Objects.requireNonNull(scene.site().line(role));
  }

  private static String rows(long at) {
    return "row " + at;
  }

  private static String commit(int at) {
    return "commit " + at;
  }
}

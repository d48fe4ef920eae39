package dev.tranche.chunk;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;

/**
 * A program that has Lincheck play scenes of the executor again and again; that one chooses at every
 * access to shared memory which thread goes on. Prints for each scene whether it held.
 *
 * <p>A process of its own, since Lincheck rewrites the classes it finds. {@code INVOCATIONS} of each.
 */
final class RaceHunt {

  private interface Play {
    void run() throws Exception;
  }

  /** What is played, and that it holds. */
  enum Scene {
    A_TASK_IS_EITHER_RUN_ONCE_OR_CANCELLED(RaceHunt::runOrCancel),
    A_CALLBACK_IS_CALLED_ONCE_WHENEVER_IT_IS_ADDED(RaceHunt::callBack),
    A_CHUNK_IS_DONE_WHEN_THE_LAST_OF_ITS_STRETCHES_IS(RaceHunt::join),
    WHAT_IS_ACCEPTED_BEFORE_THE_END_IS_DONE(RaceHunt::shutDown),
    WHAT_IS_ACCEPTED_IS_DONE_WHEN_THE_POOL_IS_TERMINATED(RaceHunt::terminate),
    A_PLANTED_RACE(RaceHunt::planted);

    private final Play play;

    Scene(Play play) {
      this.play = play;
    }

    /** Lincheck has a clock, and a busy machine may be too late for it; a real deadlock stays one. */
    private boolean holds(int invocations) {
      LincheckAssertionError found = failure(invocations);
      for (int time = 1; time < 5 && found != null && isOutOfTime(found); time++) {
        found = failure(invocations);
      }
      if (found != null) {
        System.err.println(this + ": " + found.getMessage());
      }
      return found == null;
    }

    private static boolean isOutOfTime(LincheckAssertionError found) {
      String message = String.valueOf(found.getMessage());
      return message.contains("has hung") && !message.contains("interleaving");
    }

    private @Nullable LincheckAssertionError failure(int invocations) {
      try {
        Lincheck.runConcurrentTest(invocations, this::playOnce);
        return null;
      } catch (LincheckAssertionError found) {
        return found;
      }
    }

    private void playOnce() {
      try {
        play.run();
      } catch (Exception unexpected) {
        throw new IllegalStateException(unexpected);
      }
    }
  }

  private RaceHunt() {}

  public static void main(String[] arguments) {
    for (Scene scene : Scene.values()) {
      System.out.println(
          scene + (scene.holds(Integer.parseInt(arguments[0])) ? " holds" : " breaks"));
    }
  }

  private static void expect(boolean held, String what) {
    if (!held) {
      throw new IllegalStateException(what);
    }
  }

  private static Pool pool(int workers, boolean callsBackFirst) {
    return new Pool(workers, Thread::new, () -> {}, callsBackFirst, "not running");
  }

  /** What a future says that is done: true if it was cancelled. */
  private static boolean wasCancelled(ChunkFuture<Integer> future) throws InterruptedException {
    try {
      expect(future.get() == 7, "the value");
      return false;
    } catch (CancellationException cancelled) {
      return true;
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void runOrCancel() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger calls = new AtomicInteger();
    CallTask<Integer> task = new CallTask<>(pool(1, false), counting(runs));
    Thread worker = new Thread(task);
    worker.start();
    task.whenDone(done -> calls.incrementAndGet());
    boolean cancelled = task.cancel();
    expect(wasCancelled(task) == cancelled, "who waits learns the same");
    worker.join();
    expect(runs.get() == (cancelled ? 0 : 1), "runs: " + runs);
    expect(calls.get() == 1, "calls back: " + calls);
  }

  private static Callable<Integer> counting(AtomicInteger runs) {
    return () -> {
      runs.incrementAndGet();
      return 7;
    };
  }

  private static void callBack() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CallTask<Integer> task = new CallTask<>(pool(1, true), () -> 7);
    Thread worker = new Thread(task);
    worker.start();
    task.whenDone(done -> calls.incrementAndGet());
    task.whenDone(done -> calls.incrementAndGet());
    worker.join();
    expect(calls.get() == 2, "calls back: " + calls);
  }

  private static void join() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Joined<Integer> chunk =
        new Joined<>(pool(2, false), 2, 1, (from, to, stretch) -> runs.incrementAndGet(), () -> 7);
    List<Stretch> stretches = chunk.stretches();
    Thread one = new Thread(stretches.get(0));
    Thread other = new Thread(stretches.get(1));
    one.start();
    other.start();
    boolean cancelled = chunk.cancel(false);
    expect(wasCancelled(chunk) == cancelled, "cancelled: " + cancelled);
    expect(cancelled == runs.get() < 2, "runs: " + runs);
    one.join();
    other.join();
  }

  private static void shutDown() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Pool pool = pool(1, false);
    Thread ending = new Thread(() -> pool.shutdown(false));
    ending.start();
    CallTask<Integer> task = new CallTask<>(pool, counting(runs));
    boolean accepted = submits(pool, task);
    ending.join();
    pool.awaitEnd();
    expect(pool.isIdle(), "idle at the end");
    expect(runs.get() == (accepted ? 1 : 0), "runs: " + runs);
    expect(task.isDone() == accepted, "done: " + task);
  }

  private static void terminate() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Pool pool = pool(1, false);
    Thread ending = new Thread(pool::terminate);
    ending.start();
    CallTask<Integer> task = new CallTask<>(pool, counting(runs));
    boolean accepted = submits(pool, task);
    if (accepted) {
      wasCancelled(task);
    }
    ending.join();
    pool.awaitEnd();
    expect(pool.isIdle(), "idle at the end");
  }

  private static boolean submits(Pool pool, Task<?> task) {
    try {
      pool.submit(List.of(task));
      return true;
    } catch (RejectedExecutionException late) {
      return false;
    }
  }

  /** A task as it must not be: it looks first, and then acts. */
  private static final class Careless implements Runnable {

    private volatile boolean begun;
    private final AtomicInteger runs = new AtomicInteger();

    @Override
    public void run() {
      if (begins()) {
        runs.incrementAndGet();
      }
    }

    private boolean begins() {
      if (begun) {
        return false;
      }
      begun = true;
      return true;
    }
  }

  private static void planted() throws InterruptedException {
    Careless task = new Careless();
    Thread worker = new Thread(task);
    worker.start();
    task.run();
    worker.join();
    expect(task.runs.get() == 1, "runs: " + task.runs);
  }
}

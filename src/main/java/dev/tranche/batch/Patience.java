package dev.tranche.batch;

import dev.tranche.chunk.OutageException;
import dev.tranche.chunk.StopSignal;
import dev.tranche.store.SqlErrors;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How long a database that is away is waited for, before what needs it fails.
 *
 * <p>A run has a patience of its own, and loses it once: whatever it still tries after that, to store
 * how it ended, is tried once. Otherwise each of its partitions would wait for as long again. Safe
 * for all threads.
 *
 * @param limit from the first failure, as long as nothing succeeds in between
 * @param nanoTime a monotonic clock
 * @param over whether the limit was reached once
 */
record Patience(Duration limit, LongSupplier nanoTime, AtomicBoolean over) {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  Patience(Duration limit, LongSupplier nanoTime) {
    this(limit, nanoTime, new AtomicBoolean());
  }

  /** As long, and whole. */
  Patience anew() {
    return new Patience(limit, nanoTime);
  }

  /** Whether the limit was reached once. */
  boolean isOver() {
    return over.get();
  }

  /** Begins to wait, for one thread. */
  Wait begin(StopSignal stop) {
    return new Wait(stop);
  }

  /**
   * Calls {@code call} until it does not fail because a database is away.
   *
   * @param notice told of each failure that is waited out
   * @throws Exception what {@code call} threw last: no outage, or patience is over, or a stop came
   */
  <T> T bear(StopSignal stop, Consumer<Exception> notice, Callable<T> call) throws Exception {
    Wait wait = begin(stop);
    while (true) {
      try {
        return call.call();
      } catch (Exception failure) {
        if (!mayPass(failure)) {
          throw failure;
        }
        notice.accept(failure);
        if (!wait.again()) {
          throw failure;
        }
      }
    }
  }

  /** Whether the same may work later: the database is away, or others are in the way. */
  static boolean mayPass(Exception failure) {
    return failure instanceof OutageException
        || SqlErrors.isOutage(failure)
        || SqlErrors.isTransient(failure);
  }

  /** One stretch of waiting. One thread. */
  final class Wait {

    // -- given --
    private final StopSignal stop;

    // -- so far --
    private long since;
    private int pauses;

    private Wait(StopSignal stop) {
      this.stop = stop;
    }

    /** Something succeeded: the next failure is the first again. */
    void succeeded() {
      pauses = 0;
    }

    /** Pauses; false if it is over: the limit is reached, here or elsewhere, or a stop is asked. */
    boolean again() {
      if (isOver()) {
        return false;
      }
      if (pauses == 0) {
        since = nanoTime.getAsLong();
      }
      Duration waited = Duration.ofNanos(nanoTime.getAsLong() - since);
      if (waited.compareTo(limit) >= 0) {
        over.set(true);
        return false;
      }
      Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(pauses++, 10));
      return !stopped(least(pause, least(LONGEST_PAUSE, limit.minus(waited))));
    }

    /** An interrupt is a stop: the flag is cleared, since database files do not bear it. */
    private boolean stopped(Duration pause) {
      try {
        return stop.await(pause);
      } catch (InterruptedException interrupt) {
        stop.request();
        return true;
      }
    }
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

package dev.tranche.chunk;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request to end at the next commit, asked once and never taken back.
 *
 * <p>Safe for all threads.
 */
public final class StopSignal {

  private final CountDownLatch requested = new CountDownLatch(1);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  public void request() {
    requested.countDown();
    listeners.forEach(Runnable::run);
  }

  public boolean requested() {
    return requested.getCount() == 0;
  }

  /** Waits for {@code pause} to pass; returns true at once when a stop is asked meanwhile. */
  public boolean await(Duration pause) throws InterruptedException {
    return requested.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Calls {@code listener} when a stop is asked, at once if it was asked already. */
  public void onRequest(Runnable listener) {
    listeners.add(listener);
    if (requested()) {
      listener.run();
    }
  }

  void forget(Runnable listener) {
    listeners.remove(listener);
  }
}

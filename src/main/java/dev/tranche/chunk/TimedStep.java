package dev.tranche.chunk;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process step whose every call has a limit: past it the worker is interrupted, and the item has
 * failed with a {@link ChunkTimeoutException}, whatever the call returns. Safe for all threads.
 */
final class TimedStep<I, O> implements ItemStep<I, O> {

  /** How long a worker that was interrupted may take before it counts as stuck. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** One thread for all steps; it ends when nothing is timed. */
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private final ItemStep<I, O> step;
  private final Duration limit;
  private final Consumer<Thread> whenStuck;

  /** @param whenStuck hears of a worker that does not leave a call although it was interrupted */
  TimedStep(ItemStep<I, O> step, Duration limit, Consumer<Thread> whenStuck) {
    this.step = step;
    this.limit = limit;
    this.whenStuck = whenStuck;
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1,
            body -> {
              Thread thread = new Thread(body, "tranche-item-timeouts");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true);
    clock.setKeepAliveTime(1, TimeUnit.SECONDS);
    clock.allowCoreThreadTimeOut(true);
    return clock;
  }

  @Override
  public @Nullable O apply(I item) throws Exception {
    Call call = new Call(Thread.currentThread());
    call.begin();
    O result;
    try {
      result = step.apply(item);
    } catch (Exception error) {
      if (call.end()) {
        throw ChunkTimeoutException.ofItem(limit, error);
      }
      throw error;
    } finally {
      call.end();
    }
    if (call.end()) {
      throw ChunkTimeoutException.ofItem(limit, null);
    }
    return result;
  }

  /** One call of the step. Its monitor keeps the interrupt within it. */
  private final class Call {

    private final Thread worker;
    private @Nullable Future<?> alarm;
    private boolean over;
    private boolean late;

    private Call(Thread worker) {
      this.worker = worker;
    }

    private synchronized void begin() {
      alarm = CLOCK.schedule(this::interrupt, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void interrupt() {
      if (!over) {
        late = true;
        worker.interrupt();
        alarm = CLOCK.schedule(this::giveUp, GRACE.toNanos(), TimeUnit.NANOSECONDS);
      }
    }

    private void giveUp() {
      boolean stuck;
      synchronized (this) {
        stuck = !over;
      }
      if (stuck) {
        whenStuck.accept(worker);
      }
    }

    /** The step has returned; whether that was too late. */
    private synchronized boolean end() {
      if (!over) {
        over = true;
        if (alarm != null) {
          alarm.cancel(false);
        }
        if (late) {
          Thread.interrupted(); // it was meant for this call
        }
      }
      return late;
    }
  }
}

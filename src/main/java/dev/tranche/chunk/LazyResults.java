package dev.tranche.chunk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The results of a lazy map: reads and submits a bounded way ahead of what is taken.
 *
 * <p>The input is read by the thread that takes the results, at the call and with each result.
 */
final class LazyResults<I, O> implements Results<O> {

  /** Items that one worker takes in a row. */
  private record Batch<I, O>(Items<I, O> items, Stretch stretch) {}

  // -- given --
  private final ChunkExecutor executor; // it must not be collected while there is more to submit
  private final ItemStep<? super I, ? extends O> step;
  private final Iterator<? extends I> input;
  private final ReadAhead ahead;
  private final @Nullable BlockingQueue<Batch<I, O>> done;
  private final Deadline deadline;

  // -- so far --
  private final Set<Batch<I, O>> inFlight = new LinkedHashSet<>();
  private @Nullable Batch<I, O> current;
  private int taken;
  private long untaken;
  private boolean inputEnded;
  private @Nullable Throwable inputFault;

  LazyResults(
      ChunkExecutor executor,
      ItemStep<? super I, ? extends O> step,
      Iterator<? extends I> input,
      ReadAhead ahead,
      boolean inInputOrder) {
    this.executor = executor;
    this.step = step;
    this.input = input;
    this.ahead = ahead;
    this.done = inInputOrder ? null : new LinkedBlockingQueue<>();
    this.deadline = Deadline.in(ahead.timeout());
    executor.pool().requireRunning();
    readOn();
  }

  /** An error of the input is kept until the results before it are taken. */
  private void readOn() {
    try {
      while (!inputEnded && (untaken == 0 || untaken + ahead.batch() <= ahead.items())) {
        List<I> items = new ArrayList<>();
        while (items.size() < ahead.batch() && input.hasNext()) {
          items.add(input.next());
        }
        inputEnded = items.size() < ahead.batch();
        if (!items.isEmpty()) {
          submit(new Items<>(items, step));
        }
      }
    } catch (Throwable fault) {
      inputEnded = true;
      inputFault = fault;
    }
  }

  private void submit(Items<I, O> items) {
    Stretch stretch = new Stretch(executor.pool(), null, 0, items.size(), items::run);
    Batch<I, O> batch = new Batch<>(items, stretch);
    BlockingQueue<Batch<I, O>> completed = done;
    if (completed != null) {
      stretch.whenDone(ended -> completed.add(batch));
    }
    executor.pool().submit(List.of(stretch));
    inFlight.add(batch);
    untaken += items.size();
  }

  @Override
  public boolean hasNext() {
    return current != null || !inFlight.isEmpty() || inputFault != null;
  }

  @Override
  public O next() {
    try {
      return take(deadline.left());
    } catch (TimeoutException late) {
      close();
      throw Thrown.timeout(late);
    }
  }

  @Override
  public O next(Duration timeout) throws TimeoutException {
    return take(Math.min(timeout.toNanos(), deadline.left()));
  }

  private O take(long nanos) throws TimeoutException {
    Batch<I, O> batch = current;
    if (batch == null) {
      batch = nextBatch(nanos);
      current = batch;
      taken = 0;
    }
    int index = taken++;
    untaken--;
    if (taken == batch.items.size()) {
      current = null;
    }
    readOn();
    return batch.items.take(index);
  }

  private Batch<I, O> nextBatch(long nanos) throws TimeoutException {
    if (inFlight.isEmpty()) {
      throw end();
    }
    Batch<I, O> batch;
    try {
      batch = awaitBatch(nanos);
    } catch (InterruptedException interrupted) {
      throw Thrown.interrupted(interrupted);
    }
    inFlight.remove(batch);
    Throwable fault =
        batch.stretch.isCancelled() ? new CancellationException() : batch.stretch.thrown();
    if (fault != null) {
      untaken -= batch.items.size();
      throw Thrown.by(fault);
    }
    return batch;
  }

  private Batch<I, O> awaitBatch(long nanos) throws InterruptedException, TimeoutException {
    if (done != null) {
      Batch<I, O> batch = done.poll(nanos, TimeUnit.NANOSECONDS);
      if (batch == null) {
        throw new TimeoutException("no result is there yet");
      }
      return batch;
    }
    Batch<I, O> first = inFlight.iterator().next();
    if (nanos == Long.MAX_VALUE) {
      first.stretch.awaitDone();
    } else {
      first.stretch.awaitDone(nanos);
    }
    return first;
  }

  private RuntimeException end() {
    Throwable fault = inputFault;
    if (fault == null) {
      return new NoSuchElementException();
    }
    inputFault = null;
    return Thrown.by(fault);
  }

  @Override
  public void close() {
    inFlight.forEach(batch -> batch.stretch.cancel(false));
    inFlight.clear();
    current = null;
    inputEnded = true;
    inputFault = null;
  }
}

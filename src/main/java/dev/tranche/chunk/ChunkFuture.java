package dev.tranche.chunk;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A task that a {@link ChunkExecutor} has accepted, and what came of it.
 *
 * <p>It goes from {@link State#PENDING} to {@link State#RUNNING} to {@link State#FINISHED}, or ends
 * as {@link State#CANCELLED}. Done, that is finished or cancelled, means that no worker is at the
 * task any more; the one exception is {@link ChunkExecutor#terminate()}, which waits for nobody.
 * The task itself is forgotten then, its value or error is kept. Safe for all threads.
 *
 * @param <T> what the task returns
 */
public abstract sealed class ChunkFuture<T> implements Future<T> permits Task, Joined {

  /** How far a task is. */
  public enum State {
    PENDING,
    RUNNING,
    /** It returned or threw. */
    FINISHED,
    CANCELLED
  }

  /**
   * What was true at one moment.
   *
   * @param value what the task returned; null before it did
   * @param error what the task threw; null if it did not
   */
  public record Snapshot<T>(
      State state, @Nullable T value, @Nullable Throwable error) {}

  /** What {@link #await(Collection, Until, Duration)} waits for. */
  public enum Until {
    /** Any is done. */
    FIRST_COMPLETED,
    /** Any has thrown, or all are done. One that is cancelled has thrown nothing. */
    FIRST_EXCEPTION,
    ALL_COMPLETED
  }

  /** The futures that were waited for: those that are done and the others, in the order given. */
  public record Awaited<F>(Set<F> done, Set<F> notDone) {}

  private static final Log LOG = LogFactory.getLog(ChunkFuture.class);

  // -- given --
  final Pool pool;

  // -- so far, written under this future's monitor, the state last --
  private @Nullable T value;
  private @Nullable Throwable error;
  private @Nullable Callback<T> lastCallback;
  private volatile State state = State.PENDING;

  /** Completed when those who wait are let go: before callbacks in futures mode, after in map mode. */
  private final CompletableFuture<Void> released = new CompletableFuture<>();

  private volatile @Nullable Thread callingBack;

  ChunkFuture(Pool pool) {
    this.pool = pool;
  }

  /**
   * Waits for the task and returns its value.
   *
   * @throws ExecutionException if the task threw; the cause is the very object
   * @throws CancellationException if it was cancelled
   * @throws IllegalStateException if the calling worker is the last of its executor that does not
   *     wait for a task which only its workers can run
   */
  @Override
  public T get() throws InterruptedException, ExecutionException {
    awaitDone();
    return report();
  }

  /** @throws TimeoutException if it is not done in time; the task goes on */
  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    awaitDone(unit.toNanos(timeout));
    return report();
  }

  /** As {@link #get(long, TimeUnit)}. */
  public T get(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
    return get(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Waits for the task and returns what it threw; null if it returned.
   *
   * @throws CancellationException if it was cancelled
   */
  public @Nullable Throwable exception() throws InterruptedException {
    awaitDone();
    return errorUnlessCancelled();
  }

  /** @throws TimeoutException if it is not done in time */
  public @Nullable Throwable exception(Duration timeout)
      throws InterruptedException, TimeoutException {
    awaitDone(timeout.toNanos());
    return errorUnlessCancelled();
  }

  /** Waits until the task is done, for {@code timeout} at most, and returns whether it is. */
  public boolean await(Duration timeout) throws InterruptedException {
    try {
      awaitDone(timeout.toNanos());
      return true;
    } catch (TimeoutException late) {
      return false;
    }
  }

  /**
   * Whether the task returned.
   *
   * @throws IllegalStateException if it is not done yet
   */
  public boolean isSuccessful() {
    if (!isDone()) {
      throw new IllegalStateException("the task is not done yet: " + name(state));
    }
    return state == State.FINISHED && error == null;
  }

  @Override
  public boolean isDone() {
    return state == State.FINISHED || state == State.CANCELLED;
  }

  @Override
  public boolean isCancelled() {
    return state == State.CANCELLED;
  }

  public boolean isRunning() {
    return state == State.RUNNING;
  }

  /** State, value and error of one moment. */
  public synchronized Snapshot<T> snapshot() {
    return state == State.FINISHED
        ? new Snapshot<>(state, value, error)
        : new Snapshot<>(state, null, null);
  }

  /** Cancels the task if no worker has begun it: {@code cancel(false)}. */
  public boolean cancel() {
    return cancel(false);
  }

  /**
   * Cancels a pending task, which then never starts. A running one is interrupted if {@code
   * mayInterruptIfRunning}, and left alone otherwise; when its worker has left it, it is cancelled if
   * it threw, and finished if it came to its end all the same.
   *
   * @return false if nothing came of it: the task runs on, or is finished
   */
  @Override
  public abstract boolean cancel(boolean mayInterruptIfRunning);

  /**
   * Calls {@code callback} with this future when the task is done, in whatever way; at once if it is.
   *
   * <p>Callbacks run in the order they were added, in the thread that ended the task, which is kept
   * from the next one meanwhile. In futures mode they run after those were let go who wait in {@link
   * #get()}, in map mode before. What one throws is logged.
   *
   * @return this future
   */
  public ChunkFuture<T> whenDone(Consumer<? super ChunkFuture<T>> callback) {
    Objects.requireNonNull(callback, "callback");
    synchronized (this) {
      if (!isDone()) {
        lastCallback = new Callback<>(callback, lastCallback);
        return this;
      }
    }
    call(callback);
    return this;
  }

  /**
   * A future for those who compose: completed with this one's value or error. Cancelling it cancels
   * this one as well; completing it by hand does not.
   */
  public CompletableFuture<T> toCompletableFuture() {
    Bridge<T> bridge = new Bridge<>(this);
    whenDone(bridge::settle);
    return bridge;
  }

  /**
   * Waits for several futures, of any executors.
   *
   * @param timeout null: as long as it takes. When it is over, what is not done is told as such
   */
  public static <F extends ChunkFuture<?>> Awaited<F> await(
      Collection<? extends F> futures, Until until, @Nullable Duration timeout)
      throws InterruptedException {
    return Waiting.await(futures, until, timeout);
  }

  /** As {@link #asCompleted(Iterable, Duration)}, without a timeout. */
  public static <F extends ChunkFuture<?>> Results<F> asCompleted(Iterable<? extends F> futures) {
    return new Completions<>(futures, null);
  }

  /**
   * Gives each of {@code futures} once, as it becomes done; those that are done already come first.
   *
   * <p>When {@code timeout} is over, counted from now, and what is done was given, {@link
   * Results#next()} throws. Whoever leaves early closes the results.
   *
   * @param timeout null: none
   */
  public static <F extends ChunkFuture<?>> Results<F> asCompleted(
      Iterable<? extends F> futures, @Nullable Duration timeout) {
    return new Completions<>(futures, timeout);
  }

  @Override
  public String toString() {
    Snapshot<T> now = snapshot();
    String end = "";
    if (now.state == State.FINISHED) {
      Object outcome = now.error == null ? now.value : now.error;
      end = (now.error == null ? ", returned " : ", threw ")
          + (outcome == null ? "null" : outcome.getClass().getSimpleName());
    }
    return "ChunkFuture[" + name(now.state) + end + "]";
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  // -- for those who run it --

  final State state() {
    return state;
  }

  /** What it threw, even if that came of being cancelled. */
  final @Nullable Throwable thrown() {
    return error;
  }

  final boolean hasCallbacks() {
    return lastCallback != null;
  }

  /**
   * From {@code from} to {@code to}; after an end {@link #settle()} is to follow, by who brought it
   * about and without the monitor.
   *
   * @return false if it was in another state, and still is
   */
  final synchronized boolean passes(
      State from, State to, @Nullable T result, @Nullable Throwable thrown) {
    if (state != from) {
      return false;
    }
    value = result;
    error = thrown;
    state = to;
    return true;
  }

  /** Lets those go who wait for the end, and calls back. */
  final void settle() {
    if (pool.callsBackFirst()) {
      callingBack = Thread.currentThread();
      callBack();
      callingBack = null;
      released.complete(null);
    } else {
      released.complete(null);
      callBack();
    }
    settled();
  }

  /** What else is to be done about its end. */
  void settled() {}

  private void callBack() {
    Callback<T> last;
    synchronized (this) {
      last = lastCallback;
      lastCallback = null;
    }
    for (Callback<T> each = Callback.reversed(last); each != null; each = each.before()) {
      call(each.call());
    }
  }

  private void call(Consumer<? super ChunkFuture<T>> callback) {
    try {
      callback.accept(this);
    } catch (Throwable fault) {
      LOG.error("A callback of " + this + " failed", fault);
    }
  }

  /** Takes a callback back that was not called yet. */
  final synchronized void forget(Consumer<?> callback) {
    lastCallback = Callback.without(lastCallback, callback);
  }

  // -- for those who wait --

  final void awaitDone() throws InterruptedException {
    if (isReleased()) {
      return;
    }
    Worker worker = Worker.of(pool);
    if (worker == null) {
      awaitRelease();
      return;
    }
    worker.waitsFor(this);
    try {
      pool.requireOthers();
      awaitRelease();
    } finally {
      worker.waitsFor(null);
    }
  }

  private void awaitRelease() throws InterruptedException {
    try {
      released.get();
    } catch (ExecutionException impossible) {
      throw new AssertionError(impossible);
    }
  }

  final void awaitDone(long nanos) throws InterruptedException, TimeoutException {
    if (isReleased()) {
      return;
    }
    try {
      released.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
    } catch (ExecutionException impossible) {
      throw new AssertionError(impossible);
    } catch (TimeoutException late) {
      throw new TimeoutException("the task is not done yet: " + name(state));
    }
  }

  /** A callback may ask for the value although those who wait are let go only after it. */
  private boolean isReleased() {
    return released.isDone() || callingBack == Thread.currentThread();
  }

  private T report() throws ExecutionException {
    Throwable thrown = errorUnlessCancelled();
    if (thrown != null) {
      throw new ExecutionException(thrown);
    }
    return returned();
  }

  private @Nullable Throwable errorUnlessCancelled() {
    if (state == State.CANCELLED) {
      throw new CancellationException("the task was cancelled");
    }
    return error;
  }

  @SuppressWarnings("NullAway") // null if the task returned null, which is what T says then
  private T returned() {
    return value;
  }
}

package dev.tranche.chunk;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Consecutive items of a chunk, or of a list, that one worker takes one by one. */
final class Stretch extends Task<Void> {

  /** What is done with the items. */
  interface Body {

    /** Takes items {@code from} to before {@code to}, and says where it is. */
    void run(int from, int to, Stretch stretch) throws Exception;
  }

  // -- given --
  private final @Nullable Joined<?> whole;
  private final int from;
  private final int to;

  // -- so far --
  private @Nullable Body body;
  private volatile long startedAt;
  private volatile int at;

  /** @param whole what it is a part of; null: nothing */
  Stretch(Pool pool, @Nullable Joined<?> whole, int from, int to, Body body) {
    super(pool);
    this.whole = whole;
    this.from = from;
    this.to = to;
    this.body = body;
    this.at = from;
  }

  @Override
  void begun() {
    startedAt = System.nanoTime() | 1;
    if (whole != null) {
      whole.begun();
    }
  }

  @Override
  @Nullable Void perform() throws Exception {
    Objects.requireNonNull(body).run(from, to, this);
    return null;
  }

  @Override
  void forget() {
    body = null;
  }

  /** The last stretch ends the whole, whose callbacks nobody knows yet. */
  @Override
  boolean callsBack() {
    return whole != null || hasCallbacks();
  }

  @Override
  void settled() {
    if (whole != null) {
      whole.oneLess();
    }
  }

  /** When a worker began, by {@link System#nanoTime}; 0 if none has. */
  long startedAt() {
    return startedAt;
  }

  /** The worker is at item {@code index} now. */
  void at(int index) {
    at = index;
  }

  int at() {
    return at;
  }
}

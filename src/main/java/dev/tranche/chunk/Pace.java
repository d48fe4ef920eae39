package dev.tranche.chunk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many of something one transaction is to have, as items of a chunk: more of them while they
 * follow each other so closely that what a transaction costs by itself counts, fewer again once they
 * do not.
 *
 * <p>The first one has the least, and so has every one of slow items: what a crash undoes is a
 * matter of time and not of items. One thread.
 */
public final class Pace {

  private static final long CLOSE = Duration.ofMillis(20).toNanos();
  private static final long FAR = Duration.ofMillis(200).toNanos();

  // -- given --
  private final int least;
  private final int most;

  // -- so far --
  private int size;
  private long last;

  /**
   * @param most null: always the least
   * @param now of {@link System#nanoTime}, as everywhere here
   */
  public Pace(int least, @Nullable Integer most, long now) {
    this.least = least;
    this.most = most == null ? least : Math.max(least, most);
    this.size = least;
    this.last = now;
  }

  public int size() {
    return size;
  }

  /** One is done, at {@code now}. */
  public void committed(long now) {
    long since = now - last;
    last = now;
    if (since < CLOSE) {
      size = (int) Math.min(2L * size, most);
    } else if (since > FAR) {
      size = Math.max(size / 2, least);
    }
  }
}

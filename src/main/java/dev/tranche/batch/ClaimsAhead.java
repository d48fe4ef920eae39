package dev.tranche.batch;

import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Layouts;
import dev.tranche.store.PartitionState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a lane has claimed and not begun with, and the connection it claimed them on.
 *
 * <p>Its attempts commit on that connection, one after another, since protocol 4 knows a session by
 * what it claimed. Once the connection is closed, what still waits has to be claimed again before it
 * is begun with. The connection is for the lane's thread; what waits is for all.
 */
final class ClaimsAhead implements AutoCloseable {

  // -- given --
  private final Database target;

  // -- so far --
  private final Deque<Layouts.Claimed> waiting = new ArrayDeque<>();
  private @Nullable Connection session;

  ClaimsAhead(Database target) {
    this.target = target;
  }

  /** Protocol 1b for all of {@code found}, in one transaction. Nothing else may wait by then. */
  List<Claim> claim(List<PartitionState> found) throws Exception {
    boolean claimed = false;
    try {
      Connection open = session == null ? target.connect() : session;
      session = open;
      List<Claim> claims =
          target.takingOver(
              open, (owned, platform) -> new Checkpoints(platform).claim(owned, found));
      open.commit();
      claimed = true;
      return claims;
    } finally {
      if (!claimed) {
        close();
      }
    }
  }

  /** What the waiting partitions were claimed on; null if they have to be claimed again. */
  @Nullable Connection session() {
    return session;
  }

  synchronized void add(List<Layouts.Claimed> claimed) {
    waiting.addAll(claimed);
  }

  /** The one to begin with; null if none waits. */
  synchronized Layouts.@Nullable Claimed next() {
    return waiting.pollFirst();
  }

  /** Another lane takes one that would wait longest; null if none waits. */
  synchronized Layouts.@Nullable Claimed giveAway() {
    return waiting.pollLast();
  }

  /** It could not be begun with. */
  synchronized void putBack(Layouts.Claimed claimed) {
    waiting.addFirst(claimed);
  }

  /** All that wait, which the lane then has no more. */
  synchronized List<Layouts.Claimed> leave() {
    List<Layouts.Claimed> left = new ArrayList<>(waiting);
    waiting.clear();
    return left;
  }

  /** Closes the connection; what waits goes on waiting. */
  @Override
  public void close() {
    Connection open = session;
    session = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException dead) {
        // Its transaction ends with it.
      }
    }
  }
}

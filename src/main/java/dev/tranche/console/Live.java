package dev.tranche.console;

import dev.tranche.ExecutionView;
import dev.tranche.Tranche;
import dev.tranche.definition.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Live progress, as server-sent events, wherever an execution runs.
 *
 * <p>One thread looks about once a second at every execution that somebody follows, however many
 * follow it; others send, so that a follower who does not read holds up nobody else. Safe for all
 * threads.
 */
final class Live implements AutoCloseable {

  static final int MOST = 500;

  private static final Log log = LogFactory.getLog(Live.class);
  private static final long PERIOD_MILLIS = 1000;

  // -- given --
  private final Tranche tranche;
  private final Secrets secrets;
  private final ScheduledExecutorService looking;
  private final ExecutorService sending;

  // -- so far --
  private final Map<Long, List<Follower>> followers = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  Live(Tranche tranche, Secrets secrets) {
    this.tranche = tranche;
    this.secrets = secrets;
    this.looking = Executors.newSingleThreadScheduledExecutor(daemons("tranche-live"));
    this.sending = Executors.newCachedThreadPool(daemons("tranche-live-sender"));
    looking.scheduleWithFixedDelay(
        this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static ThreadFactory daemons(String name) {
    return body -> {
      Thread thread = new Thread(body, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Tells of an execution from now on until it ends.
   *
   * @throws BusyException if too many follow already
   */
  SseEmitter follow(long execution) {
    ExecutionView now = tranche.show(execution);
    if (count.incrementAndGet() > MOST) {
      count.decrementAndGet();
      throw new BusyException(
          "More than " + MOST + " follow executions already. Ask again, or ask for "
              + Api.EXECUTIONS + "/" + execution + " now and then.");
    }
    SseEmitter emitter = new SseEmitter(0L);
    Follower follower = new Follower(emitter, secrets, ended -> leave(execution, ended));
    emitter.onCompletion(() -> leave(execution, follower));
    emitter.onError(gone -> leave(execution, follower));
    followers.compute(
        execution,
        (id, those) -> {
          List<Follower> all = those == null ? new CopyOnWriteArrayList<>() : those;
          all.add(follower);
          return all;
        });
    send(follower, now);
    return emitter;
  }

  private void leave(long execution, Follower follower) {
    followers.computeIfPresent(
        execution,
        (id, those) -> {
          if (those.remove(follower)) {
            count.decrementAndGet();
          }
          return those.isEmpty() ? null : those;
        });
  }

  private void look() {
    for (Long execution : List.copyOf(followers.keySet())) {
      try {
        ExecutionView now = tranche.show(execution);
        followers.getOrDefault(execution, List.of()).forEach(follower -> send(follower, now));
      } catch (RuntimeException away) {
        log.debug("Execution " + execution + " cannot be looked at now", away);
      }
    }
  }

  private void send(Follower follower, ExecutionView now) {
    if (follower.begin()) {
      sending.execute(() -> follower.see(now));
    }
  }

  /** How many follow an execution now. */
  int count() {
    return count.get();
  }

  @Override
  public void close() {
    looking.shutdownNow();
    List<Follower> all = new ArrayList<>();
    followers.values().forEach(all::addAll);
    all.forEach(Follower::end);
    sending.shutdown();
  }
}

package dev.tranche.batch;

import dev.tranche.chunk.StopSignal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The executions that this process runs now. Safe for all threads. */
final class LocalRuns {

  private final Map<Long, LocalRun> byExecution = new ConcurrentHashMap<>();

  /** Also those that are about to run, and those that are being settled here. */
  private final Map<Long, Integer> attended = new ConcurrentHashMap<>();

  private final StopSignal ending = new StopSignal();

  /** Whether this process has begun to end, so that what stopped here is to go on elsewhere. */
  boolean isEnding() {
    return ending.requested();
  }

  /** For what waits before it is one of these runs: given when this process begins to end. */
  StopSignal ending() {
    return ending;
  }

  /** Somebody here is about to take the run of {@code execution}; false if somebody is already. */
  boolean attend(long execution) {
    return attended.putIfAbsent(execution, 1) == null;
  }

  /**
   * As {@link #attend}, whoever else is: an execution begins also while somebody still looks whether
   * it is an orphan, and stays attended when they leave.
   */
  void attendAnyway(long execution) {
    attended.merge(execution, 1, Integer::sum);
  }

  /** The opposite of {@link #attend} and {@link #attendAnyway}. */
  void leave(long execution) {
    attended.computeIfPresent(execution, (id, count) -> count == 1 ? null : count - 1);
  }

  /** Whether somebody here minds the run of {@code execution}. */
  boolean isAttended(long execution) {
    return attended.containsKey(execution);
  }

  void add(LocalRun run) {
    byExecution.put(run.execution(), run);
  }

  void remove(LocalRun run) {
    byExecution.remove(run.execution(), run);
    run.ended();
  }

  Optional<LocalRun> find(long execution) {
    return Optional.ofNullable(byExecution.get(execution));
  }

  Collection<LocalRun> all() {
    return List.copyOf(byExecution.values());
  }

  /** Asks all to end at their next commits. */
  Collection<LocalRun> askToStop() {
    ending.request();
    Collection<LocalRun> running = all();
    running.forEach(LocalRun::askToStop);
    return running;
  }

  /** Asks all to end at their next commits, and waits until they have. */
  void stopAndWait() {
    askToStop().forEach(LocalRun::awaitEnd);
  }
}

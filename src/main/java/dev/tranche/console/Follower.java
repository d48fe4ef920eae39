package dev.tranche.console;

import dev.tranche.ExecutionView;
import dev.tranche.PartitionView;
import dev.tranche.StepView;
import dev.tranche.definition.Secrets;
import dev.tranche.json.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Somebody who follows an execution: is told what is new to them.
 *
 * <p>{@link #begin} and {@link #see} take turns, so that one thread at a time sends; a look that
 * comes while the one before is still being sent is left out, for the next one tells all of it.
 */
final class Follower {

  /** So many looks in a row with nothing new, and a comment is sent, to find out who is gone. */
  private static final int QUIET = 15;

  // -- given --
  private final SseEmitter emitter;
  private final Secrets secrets;
  private final Consumer<Follower> leaving;

  // -- so far; by whoever had begin() return true --
  private final AtomicBoolean busy = new AtomicBoolean();
  private final Map<String, String> steps = new HashMap<>();
  private final Set<String> failures = new HashSet<>();
  private boolean told;
  private boolean anything;
  private int quiet;

  /** @param leaving is told of the end, of which an emitter that ends too soon tells nobody */
  Follower(SseEmitter emitter, Secrets secrets, Consumer<Follower> leaving) {
    this.emitter = emitter;
    this.secrets = secrets;
    this.leaving = leaving;
  }

  /** Whether {@link #see} may be called now; then it must be. */
  boolean begin() {
    return busy.compareAndSet(false, true);
  }

  void see(ExecutionView now) {
    try {
      tell(now);
      busy.set(false);
    } catch (IOException | IllegalStateException gone) {
      leaving.accept(this);
      emitter.completeWithError(gone); // and stays busy: there is nobody to tell any more
    }
  }

  private void tell(ExecutionView now) throws IOException {
    anything = false;
    if (!told) {
      told = true;
      send("execution", Json.execution(now));
    }
    for (StepView step : now.steps()) {
      String shape = Json.line(Json.progress(step));
      if (!shape.equals(steps.put(step.name(), shape))) {
        send("step", Json.progress(step));
      }
      for (PartitionView partition : step.partitions()) {
        tellFailure(step, partition);
      }
    }
    if (now.ended() != null) {
      send("ended", Json.executionWithSteps(now));
      leaving.accept(this);
      emitter.complete();
      return;
    }
    quiet = anything ? 0 : quiet + 1;
    if (quiet == QUIET) {
      quiet = 0;
      emitter.send(SseEmitter.event().comment("still there"));
    }
  }

  private void tellFailure(StepView step, PartitionView partition) throws IOException {
    String failure = partition.failure();
    if (failure != null && failures.add(partition.name() + partition.attempts() + failure)) {
      send("notice", Json.notice(step.name(), partition.name(), failure));
    }
  }

  private void send(String event, Object shape) throws IOException {
    anything = true;
    emitter.send(SseEmitter.event().name(event).data(secrets.mask(Json.line(shape))));
  }

  /** The service ends. */
  void end() {
    emitter.complete();
  }
}

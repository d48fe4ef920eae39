package dev.tranche.batch;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What a thread's log lines and traces go by, to be taken to other threads: its diagnostic context
 * (MDC) and the observation it is in, with which a tracer's span goes. Immutable; safe for all
 * threads.
 */
record Carried(Map<String, String> context, @Nullable Observation observation) {

  /** Gives a thread back what it had. */
  interface Scope extends AutoCloseable {

    @Override
    void close();
  }

  /** What the calling thread has. */
  static Carried from(ObservationRegistry registry) {
    Map<String, String> context = MDC.getCopyOfContextMap();
    return new Carried(context == null ? Map.of() : context, current(registry));
  }

  /**
   * The observation that the calling thread is in. A step or a lane that Spring Batch is not to
   * observe under its own name still has one of Spring Batch's around it that does nothing, and
   * hides the one it is in.
   */
  static @Nullable Observation current(ObservationRegistry registry) {
    Observation.Scope scope = registry.getCurrentObservationScope();
    while (scope != null && scope.getCurrentObservation().isNoop()) {
      scope = scope.getPreviousObservationScope();
    }
    return scope == null ? null : scope.getCurrentObservation();
  }

  Carried with(String key, Object value) {
    Map<String, String> more = new HashMap<>(context);
    more.put(key, String.valueOf(value));
    return new Carried(more, observation);
  }

  /** With the observation that the calling thread is in. */
  Carried in(ObservationRegistry registry) {
    return new Carried(context, current(registry));
  }

  /**
   * The calling thread has all of it until the scope is closed. The observation comes last: a tracer
   * puts the names of its span into the log context, over those of the span it was copied in.
   */
  Scope open() {
    Map<String, String> before = MDC.getCopyOfContextMap();
    MDC.setContextMap(context);
    Observation.Scope observed =
        observation == null ? Observation.Scope.NOOP : observation.openScope();
    return () -> {
      observed.close();
      MDC.setContextMap(before == null ? Map.of() : before);
    };
  }

  /** {@code work} with all of it. */
  Runnable around(Runnable work) {
    return () -> {
      try (Scope scope = open()) {
        work.run();
      }
    };
  }
}

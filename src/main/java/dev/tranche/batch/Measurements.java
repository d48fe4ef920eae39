package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import dev.tranche.store.Tally;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Metrics under the names that Spring Batch's own chunk step uses, so that dashboards keep working,
 * with the step's name and not the partition's as their tag; and what it has no names for, under our
 * own.
 */
final class Measurements {

  private static final String ITEM_READ = "spring.batch.item.read";
  private static final String ITEM_PROCESS = "spring.batch.item.process";
  private static final String CHUNK_COMMIT = "tranche.chunk.commit";
  private static final String CHUNK_WRITE = "spring.batch.chunk.write";

  private Measurements() {}

  /**
   * What is to be observed in one attempt.
   *
   * @param step without the name of a partition
   */
  static List<ChunkObserver> of(
      ObservationRegistry observations, @Nullable MeterRegistry meters, String job, String step) {
    List<ChunkObserver> observers = new ArrayList<>();
    if (!observations.isNoop()) {
      observers.add(new Writes(observations, job, step));
      observers.add(new Commits(observations, job, step));
    }
    if (meters != null) {
      observers.add(new Items(meters, job, step));
      observers.add(new LoopMeters(meters, job, step));
    }
    return observers;
  }

  /** An observation for each chunk that is written, on the lane's thread. */
  private static final class Writes implements ChunkObserver {

    // -- given --
    private final ObservationRegistry registry;
    private final String job;
    private final String step;

    // -- so far --
    private @Nullable Observation writing;

    Writes(ObservationRegistry registry, String job, String step) {
      this.registry = registry;
      this.job = job;
      this.step = step;
    }

    @Override
    public boolean watchesItems() {
      return false;
    }

    @Override
    public void beforeWrite(List<?> items) {
      writing =
          Observation.createNotStarted(CHUNK_WRITE, registry)
              .lowCardinalityKeyValue(CHUNK_WRITE + ".job.name", job)
              .lowCardinalityKeyValue(CHUNK_WRITE + ".step.name", step)
              .start();
    }

    @Override
    public void afterWrite(List<?> items) {
      stop("SUCCESS");
    }

    @Override
    public void notWritten(Throwable error) {
      if (writing != null) {
        writing.error(error);
      }
      stop("FAILURE");
    }

    private void stop(String status) {
      Observation observation = writing;
      writing = null;
      if (observation != null) {
        observation.lowCardinalityKeyValue(CHUNK_WRITE + ".status", status);
        observation.stop();
      }
    }
  }

  /**
   * An observation for each transaction, also of one that is rolled back, or carries rejects only;
   * on the lane's thread.
   */
  private static final class Commits implements ChunkObserver {

    // -- given --
    private final ObservationRegistry registry;
    private final String job;
    private final String step;

    // -- so far --
    private @Nullable Observation open;

    Commits(ObservationRegistry registry, String job, String step) {
      this.registry = registry;
      this.job = job;
      this.step = step;
    }

    @Override
    public boolean watchesItems() {
      return false;
    }

    @Override
    public void committing() {
      open =
          Observation.createNotStarted(CHUNK_COMMIT, registry)
              .lowCardinalityKeyValue("job", job)
              .lowCardinalityKeyValue("step", step)
              .start();
    }

    @Override
    public void committed(Tally delta, long nanos) {
      stop("committed");
    }

    @Override
    public void rolledBack(Throwable error) {
      failed(error, "rolled-back");
    }

    @Override
    public void outcomeUnknown(Throwable error) {
      failed(error, "unknown");
    }

    private void failed(Throwable error, String outcome) {
      if (open != null) {
        open.error(error);
      }
      stop(outcome);
    }

    private void stop(String outcome) {
      Observation observation = open;
      open = null;
      if (observation != null) {
        observation.lowCardinalityKeyValue("outcome", outcome);
        observation.stop();
      }
    }
  }

  /**
   * Timers of items, on their workers. An observation for each of them would cost more than the
   * item; the timers are those that Spring Batch's observations would have filled.
   */
  private static final class Items implements ChunkObserver {

    // -- given --
    private final MeterRegistry meters;
    private final String job;
    private final String step;
    private final Timer read;
    private final Timer processed;

    // -- so far --
    private final ThreadLocal<long[]> began = ThreadLocal.withInitial(() -> new long[1]);

    Items(MeterRegistry meters, String job, String step) {
      this.meters = meters;
      this.job = job;
      this.step = step;
      this.read = timer(ITEM_READ, null);
      this.processed = timer(ITEM_PROCESS, null);
    }

    private Timer timer(String name, @Nullable Throwable error) {
      return Timer.builder(name)
          .tag(name + ".job.name", job)
          .tag(name + ".step.name", step)
          .tag(name + ".status", error == null ? "SUCCESS" : "FAILURE")
          .tag("error", error == null ? "none" : error.getClass().getSimpleName())
          .register(meters);
    }

    @Override
    public void beforeRead() {
      begin();
    }

    @Override
    public void afterRead(Object item) {
      end(read);
    }

    @Override
    public void onReadError(Throwable error) {
      end(timer(ITEM_READ, error));
    }

    @Override
    public void beforeProcess(Object item) {
      begin();
    }

    /** As if it had begun on this worker, without the time it waited for it. */
    @Override
    public void resumeProcess(Object item, long nanos) {
      began.get()[0] = System.nanoTime() - nanos;
    }

    @Override
    public void afterProcess(Object item, @Nullable Object result) {
      end(processed);
    }

    @Override
    public void onProcessError(Object item, Throwable error) {
      end(timer(ITEM_PROCESS, error));
    }

    private void begin() {
      began.get()[0] = System.nanoTime();
    }

    private void end(Timer timer) {
      timer.record(System.nanoTime() - began.get()[0], TimeUnit.NANOSECONDS);
    }
  }
}

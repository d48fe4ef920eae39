package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import dev.tranche.store.Tally;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What Spring Batch has no names for: how full the window is, how long a partition waits for its
 * workers and for commits, and what went wrong. Tags are {@code job} and {@code step}.
 */
final class LoopMeters implements ChunkObserver {

  private final MeterRegistry meters;
  private final Tags tags;
  private final Timer commits;
  private final Timer waits;
  private final DistributionSummary window;
  private final Counter rollbacks;

  LoopMeters(MeterRegistry meters, String job, String step) {
    this.meters = meters;
    this.tags = Tags.of("job", job, "step", step);
    this.commits = meters.timer("tranche.commit", tags);
    this.waits = meters.timer("tranche.wait", tags);
    this.window = meters.summary("tranche.window", tags);
    this.rollbacks = meters.counter("tranche.rollbacks", tags);
  }

  @Override
  public boolean watchesItems() {
    return false;
  }

  @Override
  public void committed(Tally delta, long nanos) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void rolledBack(Throwable error) {
    rollbacks.increment();
  }

  @Override
  public void waited(int chunks, long nanos) {
    window.record(chunks);
    waits.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void retried(Phase phase, Throwable error) {
    count("tranche.retries", phase);
  }

  @Override
  public void onSkip(Phase phase, @Nullable Object item, Throwable error) {
    count("tranche.rejects", phase);
  }

  private void count(String name, Phase phase) {
    meters.counter(name, tags.and("phase", Words.of(phase))).increment();
  }
}

package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import dev.tranche.store.Tally;
import org.springframework.batch.core.step.StepExecution;

/** Keeps the counts of an attempt's step execution, as listeners see it. Lane's thread only. */
record AttemptCounts(StepExecution execution) implements ChunkObserver {

  /** Puts a tally into the counts that Spring Batch has for it: rejects count as skips. */
  static void set(StepExecution execution, Tally tally) {
    execution.setReadCount(tally.read());
    execution.setWriteCount(tally.written());
    execution.setFilterCount(tally.filtered());
    execution.setProcessSkipCount(tally.rejected());
  }

  static Tally of(StepExecution execution) {
    return new Tally(
        execution.getReadCount(),
        execution.getWriteCount(),
        execution.getFilterCount(),
        execution.getSkipCount());
  }

  @Override
  public boolean watchesItems() {
    return false;
  }

  @Override
  public void committed(Tally delta, long nanos) {
    execution.incrementCommitCount();
    set(execution, of(execution).plus(delta));
  }

  @Override
  public void rolledBack() {
    execution.incrementRollbackCount();
  }
}

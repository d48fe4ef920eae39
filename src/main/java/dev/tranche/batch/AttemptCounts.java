package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import dev.tranche.store.Tally;
import org.springframework.batch.core.step.StepExecution;

/**
 * Keeps the counts of an attempt's step execution, as listeners see it. Lane's thread only.
 *
 * <p>What Spring Batch calls read are the items that could be: a tally's are all.
 */
record AttemptCounts(StepExecution execution) implements ChunkObserver {

  /** Puts a tally into the counts that Spring Batch has for it. */
  static void set(StepExecution execution, Tally tally) {
    execution.setReadCount(tally.read() - tally.readSkips());
    execution.setWriteCount(tally.written());
    execution.setFilterCount(tally.filtered());
    execution.setReadSkipCount(tally.readSkips());
    execution.setProcessSkipCount(tally.processSkips());
    execution.setWriteSkipCount(tally.writeSkips());
  }

  static Tally of(StepExecution execution) {
    return new Tally(
        execution.getReadCount() + execution.getReadSkipCount(),
        execution.getWriteCount(),
        execution.getFilterCount(),
        execution.getReadSkipCount(),
        execution.getProcessSkipCount(),
        execution.getWriteSkipCount());
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
  public void rolledBack(Throwable error) {
    execution.incrementRollbackCount();
  }
}

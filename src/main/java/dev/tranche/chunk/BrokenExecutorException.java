package dev.tranche.chunk;

import java.util.concurrent.RejectedExecutionException;

/**
 * The executor can run nothing any more, because a worker could not be initialized.
 *
 * <p>What waited for a worker fails with it, each task with an exception of its own, and whatever is
 * submitted later is rejected with it. The cause is what the initializer threw.
 */
public final class BrokenExecutorException extends RejectedExecutionException {

  private static final long serialVersionUID = 1L;

  BrokenExecutorException(Throwable cause) {
    super("the executor is broken: a worker could not be initialized: " + cause, cause);
  }
}

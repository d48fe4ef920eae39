package dev.tranche.batch;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.step.StepExecution;

/**
 * How a step ended, with the words for it.
 *
 * @param status COMPLETED, STOPPED or FAILED
 */
record Outcome(BatchStatus status, String words) {

  /** What the words of a refusal begin with, also in the job's exit description. */
  static final String REFUSED = "refused: ";

  static Outcome completed() {
    return new Outcome(BatchStatus.COMPLETED, "");
  }

  static Outcome stopped(String words) {
    return new Outcome(BatchStatus.STOPPED, words);
  }

  static Outcome failed(String words) {
    return new Outcome(BatchStatus.FAILED, words);
  }

  static Outcome refused(String why) {
    return new Outcome(BatchStatus.FAILED, REFUSED + why);
  }

  /** Puts it where Spring Batch looks; its own end of the step keeps what is worse than COMPLETED. */
  void put(StepExecution execution) {
    if (status != BatchStatus.COMPLETED) {
      execution.setStatus(status);
      execution.setExitStatus(new ExitStatus(status.name(), words));
    }
  }
}

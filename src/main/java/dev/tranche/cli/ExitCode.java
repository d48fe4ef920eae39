package dev.tranche.cli;

import dev.tranche.ExecutionView;

/** What the process ends with; a signal adds its number to 128 instead. */
final class ExitCode {

  static final int COMPLETED = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
  static final int REFUSED = 3;
  static final int STOPPED = 4;
  static final int REJECTS = 5;

  private ExitCode() {}

  static int of(ExecutionView execution, boolean failOnRejects) {
    return switch (execution.status()) {
      case "COMPLETED" -> failOnRejects && execution.tally().rejected() > 0 ? REJECTS : COMPLETED;
      case "STOPPED" -> STOPPED;
      default -> FAILED;
    };
  }
}

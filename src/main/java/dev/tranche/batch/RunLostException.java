package dev.tranche.batch;

/** This process does not hold the run any more: what it wanted to write was refused. */
final class RunLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RunLostException(String message) {
    super(message);
  }
}

package dev.tranche.cli;

/** A service did not do what it was asked to, or does not answer. */
final class RemoteException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  RemoteException(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}

package dev.tranche.console;

/** More is asked of the service at once than it will do. */
final class BusyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BusyException(String message) {
    super(message);
  }
}

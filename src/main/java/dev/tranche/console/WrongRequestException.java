package dev.tranche.console;

/** A request that makes no sense; the message says what would. */
final class WrongRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WrongRequestException(String message) {
    super(message);
  }
}

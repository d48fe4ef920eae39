package dev.tranche;

/**
 * An execution ended, and how it ended could not be stored, or read again: its database was away for
 * too long. The message ends in the way out.
 */
public final class UntoldException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UntoldException(String message) {
    super(message);
  }
}

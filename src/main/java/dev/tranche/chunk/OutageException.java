package dev.tranche.chunk;

/** A database is away. Nothing was committed; going on from the checkpoint may work later. */
public final class OutageException extends Exception {

  private static final long serialVersionUID = 1L;

  public OutageException(String message, Throwable cause) {
    super(message, cause);
  }
}

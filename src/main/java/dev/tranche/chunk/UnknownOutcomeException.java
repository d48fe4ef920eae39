package dev.tranche.chunk;

/** Whether the transaction was committed is not known; the checkpoint in the target knows. */
public final class UnknownOutcomeException extends Exception {

  private static final long serialVersionUID = 1L;

  public UnknownOutcomeException(Throwable cause) {
    super("the connection ended in the commit: " + cause.getMessage(), cause);
  }
}

package dev.tranche.chunk;

import java.util.Objects;

/**
 * The target refused rows of a chunk; the transaction was rolled back and the attempt still owns
 * its partition.
 */
public final class WriteException extends Exception {

  private static final long serialVersionUID = 1L;

  /** @param cause the error as the target gave it; retry and skip rules are matched against it */
  public WriteException(Throwable cause) {
    super(cause.getMessage(), cause);
  }

  @Override
  public synchronized Throwable getCause() {
    return Objects.requireNonNull(super.getCause());
  }
}

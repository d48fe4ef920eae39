package dev.tranche.chunk;

import java.util.Objects;

/**
 * The target refused rows of a chunk; the transaction was rolled back and the attempt still owns
 * its partition.
 */
public final class WriteException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean blamesItems;

  /** @param cause the error as the target gave it; retry and skip rules are matched against it */
  public WriteException(Throwable cause) {
    this(cause, true);
  }

  /** @param blamesItems whether a row may be at fault; else there is none to look for */
  public WriteException(Throwable cause, boolean blamesItems) {
    super(cause.getMessage(), cause);
    this.blamesItems = blamesItems;
  }

  /** Whether a row may be at fault. */
  boolean blamesItems() {
    return blamesItems;
  }

  @Override
  public synchronized Throwable getCause() {
    return Objects.requireNonNull(super.getCause());
  }
}

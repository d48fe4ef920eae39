package dev.tranche.chunk;

import org.jspecify.annotations.Nullable;

/**
 * The item itself is at fault: it cannot be read, fails a check, or is refused.
 *
 * <p>Trying again would give the same result, so that it is never retried; it is skipped if the
 * step allows it.
 */
public class ItemError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final @Nullable String column;

  public ItemError(String message, @Nullable String column) {
    this(message, column, null);
  }

  public ItemError(String message, @Nullable String column, @Nullable Throwable cause) {
    super(message, cause);
    this.column = column;
  }

  /** The column at fault, or null if it is the whole item. */
  public @Nullable String column() {
    return column;
  }
}

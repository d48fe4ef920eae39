package dev.tranche.store;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of Tranche's own tables cannot be read or written. The cause is the database's own error, so
 * that {@link SqlErrors} can judge it; the message never holds a password.
 */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final Pattern SECRET = Pattern.compile(
      "(?i)((?:password|passwd|pwd|secret|token|passphrase)\\s*[=:]\\s*)[^;&\\s\"']+");
  private static final Pattern CREDENTIALS = Pattern.compile("(//)[^/@\\s\"']+@");

  public StoreException(String message) {
    this(message, null);
  }

  public StoreException(String message, @Nullable Throwable cause) {
    super(masked(message), cause);
  }

  /** Drivers like to quote the URL they were given. */
  static String masked(String text) {
    return CREDENTIALS.matcher(SECRET.matcher(text).replaceAll("$1***")).replaceAll("$1***@");
  }
}

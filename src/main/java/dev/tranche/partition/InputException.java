package dev.tranche.partition;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The input of a step cannot be used as it is: a file is missing, a header lacks a column, bytes
 * that were loaded are changed. The message is for the user.
 */
public final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The file that users know as {@code path} cannot be read. */
  public static InputException unreadable(String path, Path file, IOException error) {
    return new InputException("file '" + path + "' cannot be read: " + reason(file, error), error);
  }

  private static String reason(Path file, IOException error) {
    if (!Files.exists(file)) {
      return "it does not exist";
    }
    if (!Files.isReadable(file)) {
      return "this process has no permission to";
    }
    if (error instanceof EOFException) {
      return "it became shorter meanwhile";
    }
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }
}

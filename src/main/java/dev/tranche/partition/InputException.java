package dev.tranche.partition;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
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
      return "it does not exist. Put it there";
    }
    if (!isAllowed(file)) {
      return "this process has no permission to. Grant it";
    }
    if (error instanceof EOFException) {
      return "it became shorter meanwhile. Put it back as it was";
    }
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }

  /** Tried out, since those who may do everything are still refused by some file systems. */
  private static boolean isAllowed(Path file) {
    try (InputStream opened = Files.newInputStream(file)) {
      return true;
    } catch (AccessDeniedException refused) {
      return false;
    } catch (IOException another) {
      return true;
    }
  }
}

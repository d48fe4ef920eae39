package dev.tranche.writer;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Errors of files as messages say them: Java's own often name the file and nothing else. */
final class FileErrors {

  private FileErrors() {}

  static String reason(IOException error) {
    if (error instanceof NoSuchFileException) {
      return "it, or its folder, does not exist";
    }
    if (error instanceof FileAlreadyExistsException) {
      return "it is there already";
    }
    if (error instanceof AccessDeniedException) {
      return "this process has no permission to write it";
    }
    String reason =
        error instanceof FileSystemException file ? file.getReason() : error.getMessage();
    return reason == null ? error.getClass().getSimpleName() : reason;
  }
}

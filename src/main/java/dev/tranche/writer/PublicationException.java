package dev.tranche.writer;

/** What was written cannot be published as things are; the message is for the user. */
public final class PublicationException extends Exception {

  private static final long serialVersionUID = 1L;

  PublicationException(String message) {
    super(message);
  }

  PublicationException(String message, Throwable cause) {
    super(message, cause);
  }
}

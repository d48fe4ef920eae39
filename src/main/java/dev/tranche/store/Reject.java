package dev.tranche.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item set aside, with all that is needed to find it, understand it and try it again.
 *
 * @param ordinal items of the partition before this one
 * @param phase what refused it: {@code read}, {@code process} or {@code write}
 * @param source the file or bean it came from
 * @param line the line it begins at, from 1; 0 where there are no lines
 * @param offset the byte it begins at; -1 where there are no bytes
 * @param column the column that was refused; null where the whole item was
 * @param original its text as it stood in the input
 * @param errorClass the class of the error
 * @param message the error in words
 * @param fingerprint equal for errors of one kind: class, place and message without its values
 */
public record Reject(
    long ordinal,
    String phase,
    String source,
    long line,
    long offset,
    @Nullable String column,
    String original,
    String errorClass,
    String message,
    String fingerprint) {

  /**
   * Stored rejects whose items are run again by an execution.
   *
   * @param ids of their rows
   */
  public record Taken(long execution, List<Long> ids) {

    /** Where items come from elsewhere. */
    public static final Taken NONE = new Taken(0, List.of());
  }
}

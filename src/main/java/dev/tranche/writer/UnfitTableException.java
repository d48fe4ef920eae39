package dev.tranche.writer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The target table is missing or cannot take the rows; it carries everything wrong at once. */
public final class UnfitTableException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  UnfitTableException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  UnfitTableException(String problem, @Nullable Throwable cause) {
    super(problem, cause);
    this.problems = List.of(problem);
  }

  /** What is wrong and what would be right, as sentences. */
  public List<String> problems() {
    return problems;
  }
}

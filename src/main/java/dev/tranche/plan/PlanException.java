package dev.tranche.plan;

import java.util.List;

/** What is defined cannot be done here; it carries everything found wrong at once. */
public final class PlanException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  PlanException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong and what would be right, as sentences. */
  public List<String> problems() {
    return problems;
  }
}

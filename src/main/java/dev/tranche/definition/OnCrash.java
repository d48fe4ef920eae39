package dev.tranche.definition;

import jakarta.validation.constraints.Min;

/**
 * What becomes of a run whose process died.
 *
 * @param limit crashes without progress in between after which it is left FAILED
 */
public record OnCrash(Then then, @Min(1) int limit) {

  public enum Then {
    RESTART,
    FAIL
  }

  public static final OnCrash DEFAULT = new OnCrash(Then.RESTART, 3);
}

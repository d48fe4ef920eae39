package dev.tranche.definition;

import jakarta.validation.constraints.Min;

/** What becomes of a run whose process died. */
public record OnCrash(
    @Key(value = "Whether it is restarted or left FAILED.", standard = Defaults.CRASH_THEN)
    Then then,

    @Key(
        value = "Crashes without progress in between after which it is left FAILED.",
        standard = Defaults.CRASH_LIMIT)
    @Min(1) int limit) {

  public enum Then {
    RESTART,
    FAIL
  }

  public static final OnCrash DEFAULT = Defaults.of(OnCrash.class);
}

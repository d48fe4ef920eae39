package dev.tranche;

import org.jspecify.annotations.Nullable;

/** Whether a part of a service does its work. Safe for all threads. */
public interface Readiness {

  /** The part, in a word. */
  String part();

  /** Why it does not, in words; null if it does. */
  @Nullable String trouble();
}

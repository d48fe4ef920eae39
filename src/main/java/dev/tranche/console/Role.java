package dev.tranche.console;

/** What users may do; each may also do what those before it may. */
enum Role {
  /** Sees everything but who did what. */
  VIEWER,
  /** Starts, restarts and stops executions. */
  OPERATOR,
  /** Gives executions up, and sees who did what. */
  ADMIN
}

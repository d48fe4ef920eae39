package dev.tranche.cli;

/** Tranche as a service, up and running. Safe for all threads. */
interface Service {

  /**
   * Begins nothing more, lets what runs end at its next commit, and waits for it. Nothing happens if
   * it was stopped.
   */
  void stop();

  /** Returns once it was stopped, here or from within. */
  void awaitStop();
}

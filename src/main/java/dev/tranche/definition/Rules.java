package dev.tranche.definition;

/** What the parts of a job must have to do with each other. */
final class Rules {

  private Rules() {}

  static void check(JobDefinition job, Findings findings) {}
}

package dev.tranche.definition;

/** By which definition a run goes on whose job file was edited after it began. */
public enum With {
  /** The one it went by until now. */
  OLD,
  /** The one in the job file. */
  NEW
}

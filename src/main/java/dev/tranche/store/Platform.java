package dev.tranche.store;

/** A database product that Tranche knows. */
public enum Platform {
  H2,
  POSTGRESQL
}

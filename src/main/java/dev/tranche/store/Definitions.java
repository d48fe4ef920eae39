package dev.tranche.store;

import java.util.Optional;

/** The table TRANCHE_DEFINITION: the text of every version of a definition that a run used. */
public final class Definitions {

  public Definitions(Database repository) {}

  /** Stores a text if it is new; returns its version, a digest of it. */
  public String store(String job, String text) {
    throw new UnsupportedOperationException();
  }

  public Optional<String> find(String version) {
    throw new UnsupportedOperationException();
  }
}

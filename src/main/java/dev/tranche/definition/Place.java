package dev.tranche.definition;

/**
 * Where something stands in a file.
 *
 * @param line from 1; 0 if it is nowhere, or the whole file is meant
 */
record Place(int line, int column) {

  static final Place NOWHERE = new Place(0, 0);
}

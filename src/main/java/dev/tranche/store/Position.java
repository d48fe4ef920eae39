package dev.tranche.store;

/**
 * A place in a source from which reading can go on.
 *
 * <p>{@code key} alone says which place it is; only the source that made it reads it. {@code
 * ordinal} and {@code line} travel along for messages and for the stable key of an item: they may
 * be off by the edit of a repaired file, so that no decision rests on them.
 *
 * @param key the place, in the source's own words; equal keys of one slice are the same place
 * @param ordinal items of the partition before this place
 * @param line the line of the input that begins here, from 1; 0 where a source has no lines
 */
public record Position(String key, long ordinal, long line) {

  /** Whether both are the same place, whatever was counted on the way there. */
  public boolean isAt(Position other) {
    return key.equals(other.key);
  }
}

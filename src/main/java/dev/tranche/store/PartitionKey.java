package dev.tranche.store;

/**
 * A partition wherever it is known: never by an id of Spring Batch, since two repositories may load
 * into one target.
 *
 * @param layout the layout's random UUID
 * @param number from 1; users see {@code p1}, {@code p2}, …
 */
public record PartitionKey(String layout, int number) {

  /** What goes by the checkpoint of the publishing of a layout's file, which is no partition. */
  public static PartitionKey publishing(String layout) {
    return new PartitionKey(layout, 0);
  }

  /** The name users see. */
  public String name() {
    return "p" + number;
  }
}

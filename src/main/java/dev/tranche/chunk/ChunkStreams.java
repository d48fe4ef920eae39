package dev.tranche.chunk;

/**
 * What is opened and closed with an attempt, beside its source and its target, and whose state is
 * committed with each checkpoint: processors that are streams.
 *
 * <p>One partition attempt, one thread: its loop's. Workers may use the same processors meanwhile.
 */
public interface ChunkStreams {

  /** None, so that there is nothing to keep. */
  ChunkStreams NONE =
      new ChunkStreams() {
        @Override
        public void open(String state) {}

        @Override
        public String update() {
          return "";
        }

        @Override
        public boolean isKeeping() {
          return false;
        }

        @Override
        public void close() {}
      };

  /**
   * Before the first item is read.
   *
   * @param state what {@link #update} gave for the checkpoint that the attempt goes on from; empty
   *     for a new partition
   */
  void open(String state) throws Exception;

  /** Before each transaction: the state that it is to keep. */
  String update() throws Exception;

  /**
   * Whether there was anything to keep at the last update; before the first, whether there may be.
   * Then a chunk is processed only once the one before is committed, and is not committed if not all
   * of it was processed: the state is that of the items before the checkpoint, and of no others.
   */
  boolean isKeeping();

  /** No worker is at an item any more, unless it is one that does not stop. */
  void close() throws Exception;
}

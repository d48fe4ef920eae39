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
        public void close() {}
      };

  /**
   * Before the first item is read.
   *
   * @param state what {@link #update} gave for the checkpoint that the attempt goes on from; empty
   *     for a new partition
   */
  void open(String state) throws Exception;

  /**
   * Before each transaction: the state that it is to keep. Items of later chunks may be in it by
   * then, if chunks are processed ahead of what is committed.
   */
  String update() throws Exception;

  /** No worker is at an item any more, unless it is one that does not stop. */
  void close() throws Exception;
}

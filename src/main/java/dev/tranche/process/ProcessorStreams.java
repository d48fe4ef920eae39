package dev.tranche.process;

import dev.tranche.chunk.ChunkStreams;
import dev.tranche.partition.KeptContext;
import java.util.List;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.item.support.CompositeItemStream;

/**
 * The processors of one attempt that are {@code ItemStream}s, around an execution context of the
 * attempt's own. One thread.
 */
public final class ProcessorStreams implements ChunkStreams {

  // -- given --
  private final CompositeItemStream streams = new CompositeItemStream();
  private final KeptContext context;

  // -- so far --
  private boolean opened;
  private boolean keeping = true;

  private ProcessorStreams(List<ItemStream> processors, Map<String, Object> slice) {
    processors.forEach(streams::register);
    this.context = new KeptContext("a processor", slice);
  }

  /**
   * @param candidates any objects; those that are no streams are left out
   * @param slice what the execution context holds from the start, as a {@code Partitioner} gave it
   */
  public static ChunkStreams of(List<?> candidates, Map<String, Object> slice) {
    List<ItemStream> processors =
        candidates.stream()
            .filter(ItemStream.class::isInstance)
            .map(ItemStream.class::cast)
            .toList();
    return processors.isEmpty() ? NONE : new ProcessorStreams(processors, slice);
  }

  @Override
  public void open(String state) {
    opened = true; // also if one of them cannot be: those before it are to be closed
    streams.open(context.open(state.isEmpty() ? "{}" : state));
  }

  @Override
  public String update() {
    streams.update(context.context());
    keeping = !context.isEmpty();
    return context.text();
  }

  @Override
  public boolean isKeeping() {
    return keeping;
  }

  @Override
  public void close() {
    if (opened) {
      opened = false;
      streams.close();
    }
  }
}

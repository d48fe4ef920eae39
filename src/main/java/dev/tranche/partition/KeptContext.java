package dev.tranche.partition;

import java.util.HashMap;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * The execution context of one attempt's streams: what a {@code Partitioner} gave, and what the
 * streams keep across a restart, which goes with the checkpoint as text. One thread.
 */
public final class KeptContext {

  // -- given --
  private final String owner;
  private final Map<String, Object> slice;

  // -- so far --
  private ExecutionContext context = new ExecutionContext();

  /**
   * @param owner whose it is, for messages
   * @param slice what it holds from the start; not kept as long as it stays as it is
   */
  public KeptContext(String owner, Map<String, Object> slice) {
    this.owner = owner;
    this.slice = Map.copyOf(slice);
  }

  /** As it was when {@link #text()} gave {@code kept}; for streams that are opened now. */
  public ExecutionContext open(String kept) {
    context = new ExecutionContext(new HashMap<>(slice));
    ContextJson.read(kept).forEach(context::put);
    return context;
  }

  public ExecutionContext context() {
    return context;
  }

  /**
   * What is to be kept. Equal contexts give equal texts.
   *
   * @throws InputException if a value is of a class that cannot be kept
   */
  public String text() {
    return ContextJson.write(owner, kept());
  }

  /** Whether there is nothing to keep. */
  public boolean isEmpty() {
    return kept().isEmpty();
  }

  private Map<String, Object> kept() {
    Map<String, Object> kept = new HashMap<>(context.toMap());
    kept.entrySet().removeAll(slice.entrySet());
    return kept;
  }
}

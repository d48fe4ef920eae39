package dev.tranche.definition;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the items of a partition are put through.
 *
 * @param size items in a chunk
 * @param workers threads that process items, for each lane
 * @param inFlight chunks read and not yet committed, at most; 1 in map mode
 * @param maxLead how many chunks the newest may be beyond the watermark
 * @param timeout for the processing of a chunk, and again for its write; null: none
 */
public record ChunkDefinition(
    @Min(1) int size,
    Mode mode,
    @Min(1) int workers,
    Threads threads,
    @Min(1) int inFlight,
    @Min(1) int maxLead,
    Order order,
    @Nullable Duration timeout) {

  public enum Mode {
    MAP,
    FUTURES
  }

  public enum Threads {
    PLATFORM,
    VIRTUAL
  }

  public enum Order {
    INPUT,
    COMPLETION
  }
}

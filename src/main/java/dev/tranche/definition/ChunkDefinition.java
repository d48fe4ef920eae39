package dev.tranche.definition;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * How the items of a partition are put through.
 *
 * @param maxSize null: chunks do not grow
 * @param inFlight 1 in map mode
 * @param timeout null: none
 * @param itemTimeout null: none
 */
public record ChunkDefinition(
    @Key(value = "Items in a chunk.", standard = Defaults.CHUNK_SIZE) @Min(1) int size,

    @Key(
        value = "Items that a chunk grows to while commits follow each other within 20 ms.",
        standard = Defaults.MAX_SIZE)
    @Nullable @Min(1) Integer maxSize,

    @Key(value = "One chunk after another, or chunks in flight.", standard = Defaults.CHUNK_MODE)
    Mode mode,

    @Key(
        value = "Threads that process items, for each partition that runs.",
        standard = Defaults.WORKERS)
    @Min(1) int workers,

    @Key(
        value = "The kind of these threads; `virtual` needs Java 21.",
        standard = Defaults.CHUNK_THREADS)
    Threads threads,

    @Key(
        value = "Chunks read and not yet committed, at most; with `mode: futures`.",
        standard = Defaults.IN_FLIGHT)
    @Min(1) int inFlight,

    @Key(
        value = "How many chunks the newest may be beyond the oldest that is not committed; with"
            + " `mode: futures`.",
        standard = Defaults.MAX_LEAD)
    @Min(1) int maxLead,

    @Key(
        value = "Whether chunks are committed in the order they were read, or as they are done;"
            + " with `mode: futures`.",
        standard = Defaults.CHUNK_ORDER)
    Order order,

    @Key("The longest a chunk may take to be processed, and again to be written.")
    @Nullable @DurationMin(millis = 1, message = "must be at least 1ms")
    Duration timeout,

    @Key("The longest an item may take in each of its attempts; past it, the item alone has failed.")
    @Nullable @DurationMin(millis = 1, message = "must be at least 1ms")
    Duration itemTimeout) {

  /** What holds where a step says nothing. */
  public static final ChunkDefinition DEFAULT = Defaults.of(ChunkDefinition.class);

  /** The largest lead where a step names none. */
  public static int maxLead(int inFlight) {
    return Defaults.maxLead(inFlight);
  }

  /** Items that a chunk has at most. */
  public int largest() {
    return maxSize == null ? size : Math.max(size, maxSize);
  }

  /** The same with other workers. */
  public ChunkDefinition with(ProcessDefinition.Workers own) {
    return new ChunkDefinition(
        size, maxSize, mode, own.workers(), own.threads(), inFlight, maxLead, order, timeout, itemTimeout);
  }

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

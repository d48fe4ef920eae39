package dev.tranche.plan;

import dev.tranche.chunk.ItemStep;
import dev.tranche.chunk.OutageException;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import dev.tranche.process.Processing;
import dev.tranche.process.ProcessorStreams;
import dev.tranche.row.Row;
import dev.tranche.store.Layouts;
import dev.tranche.store.PartitionKey;
import dev.tranche.writer.Publication;
import dev.tranche.writer.UnfitTableException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/**
 * A chunk step whose input is examined: it can be cut into partitions, and attempts at them can be
 * made. Safe for all threads.
 */
public final class ReadyStep {

  private final Input input;
  private final LookupTables tables;
  private final Processing processing;
  private final Output output;

  ReadyStep(Input input, LookupTables tables, Processing processing, Output output) {
    this.input = input;
    this.tables = tables;
    this.processing = processing;
    this.output = output;
  }

  /** Facts about the files, as JSON of the partition package. */
  public String files() {
    return input.files();
  }

  /** The slices, cut as they are asked for. */
  Iterator<? extends Slice> slices() {
    return input.cut();
  }

  /** What is worth knowing about the input, and about tables that rows are looked up in. */
  List<String> notes() {
    return Stream.concat(input.notes().stream(), tables.notes().stream()).toList();
  }

  /** The query that a slice begins with, for people; empty where none is sent. */
  String sql(Slice slice) {
    return input.sql(slice);
  }

  /** The partitions, cut as they are asked for. */
  public Iterator<Layouts.NewPartition> partitions() {
    Iterator<? extends Slice> slices = input.cut();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return slices.hasNext();
      }

      @Override
      public Layouts.NewPartition next() {
        Slice slice = slices.next();
        return new Layouts.NewPartition(SliceJson.write(slice), slice.estimate());
      }
    };
  }

  /**
   * Makes sure that the target can take what is written, creates a table that is to be created, and
   * reads tables that rows are looked up in.
   *
   * @throws UnfitTableException if it cannot
   * @throws OutageException if a database is away
   */
  public void prepare() throws UnfitTableException, OutageException {
    output.prepare();
    tables.prepare();
  }

  /** What the execution context of an attempt at {@code slice} holds at first. */
  public Map<String, Object> context(Slice slice) {
    return slice instanceof Slice.Context own ? own.context() : Map.of();
  }

  /** What one attempt is made of. */
  public Bound bind(PartitionKey partition, Slice slice, Beans beans) throws OutageException {
    List<ItemProcessor<Object, Object>> processors = new ArrayList<>();
    return new Bound(
        input.source(slice, beans),
        stages(beans, processors),
        ProcessorStreams.of(processors, context(slice)),
        output.target(partition, beans));
  }

  /** @param processors the beans of the stages are added here */
  @SuppressWarnings("unchecked") // whether the bean can take the items, it says itself
  private List<ItemStep<Object, Object>> stages(
      Beans beans, List<ItemProcessor<Object, Object>> processors) {
    List<ItemStep<Object, Object>> stages =
        new ArrayList<>(
            processing.bind(
                name -> {
                  ItemProcessor<Object, Object> processor = beans.get(name, ItemProcessor.class);
                  processors.add(processor);
                  return processor;
                }));
    int last = stages.size() - 1;
    stages.set(last, readied(stages.get(last)));
    return stages;
  }

  private ItemStep<Object, Object> readied(ItemStep<Object, Object> step) {
    return item -> {
      Object result = step.apply(item);
      return result instanceof Row row ? output.ready(row) : result;
    };
  }

  /** What is made of what the partitions of {@code layout} wrote aside; null if they do not. */
  public @Nullable Publication publication(String layout) {
    return output.publication(layout);
  }

  /** Why the step, if it was never begun, cannot write; null if nothing is in the way. */
  @Nullable String obstacle() {
    return output.obstacle();
  }

  String guarantee() {
    return output.guarantee();
  }

  List<String> sql() throws UnfitTableException, OutageException {
    return output.sql();
  }
}

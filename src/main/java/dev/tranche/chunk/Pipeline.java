package dev.tranche.chunk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stages that a step's items pass, one after another, each with workers of its own.
 *
 * <p>A chunk goes through them as a whole: when the workers of one stage have left it, it is put to
 * those of the next, while the chunks behind it are still in the stages before. Immutable; safe for
 * all threads. The executors are their maker's to close.
 *
 * @param <I> the items as they are read
 * @param <O> the items as they are written
 */
public final class Pipeline<I, O> {

  /** Executors do not know of what type the items are. */
  private record Stage(ItemStep<?, ?> step, ChunkExecutor executor) {}

  private final List<Stage> stages;

  private Pipeline(List<Stage> stages) {
    this.stages = List.copyOf(stages);
  }

  /** A single stage. */
  public static <I, O> Pipeline<I, O> of(ItemStep<I, O> step, ChunkExecutor executor) {
    return new Pipeline<>(List.of(new Stage(step, executor)));
  }

  /** With one more stage behind the others. */
  public <P> Pipeline<I, P> then(ItemStep<O, P> step, ChunkExecutor executor) {
    List<Stage> more = new ArrayList<>(stages);
    more.add(new Stage(step, executor));
    return new Pipeline<>(more);
  }

  /**
   * With a limit for each item in each stage.
   *
   * @param limit null: none
   * @param whenStuck hears of a worker that does not leave an item although it was interrupted
   */
  Pipeline<I, O> timed(@Nullable Duration limit, Consumer<Thread> whenStuck) {
    return limit == null
        ? this
        : new Pipeline<>(
            stages.stream()
                .map(
                    stage ->
                        new Stage(
                            new TimedStep<>(stage.step(), limit, whenStuck), stage.executor()))
                .toList());
  }

  int size() {
    return stages.size();
  }

  /** How many chunks may be read and not yet committed. */
  int window() {
    return stages.get(0).executor().window();
  }

  ChunkExecutor executor(int stage) {
    return stages.get(stage).executor();
  }

  @SuppressWarnings("unchecked") // of and then fit the steps to each other
  ItemStep<Object, Object> step(int stage) {
    return (ItemStep<Object, Object>) stages.get(stage).step();
  }
}

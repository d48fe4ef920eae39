package dev.tranche.batch;

import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.OnError;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.row.Columns;
import dev.tranche.store.Database;
import dev.tranche.writer.BeanWriting;
import dev.tranche.writer.JdbcWriting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.builder.StepBuilderHelper;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.ItemWriter;

/**
 * Builds a {@link ChunkStep}: what a job file says under {@code chunk:} and {@code on-error:}, in
 * Java. What is not said is as in a job file.
 *
 * <p>A wrong value is an {@link IllegalArgumentException}, a combination that cannot work an {@link
 * IllegalStateException} of {@link #build}; both name the step. One thread.
 *
 * @param <T> the items as they are after the reader and processors named so far
 */
public final class ChunkStepBuilder<T> extends StepBuilderHelper<ChunkStepBuilder<T>> {

  // -- given --
  private final StepHost host;
  private final ChunkSteps steps;

  // -- so far --
  private @Nullable ItemReader<?> reader;
  private boolean repeatable;
  private final List<ChunkStep.Stage> stages = new ArrayList<>();

  /** Whether the first stage was not named, so that it has the step's own workers. */
  private boolean unnamedFirst;

  private @Nullable ItemWriter<Object> writer;
  private WriteDefinition.@Nullable Jdbc table;
  private @Nullable Columns created;
  private @Nullable Database database;
  private final List<Object> listeners = new ArrayList<>();
  private int size = ChunkDefinition.DEFAULT.size();
  private @Nullable Integer maxSize = ChunkDefinition.DEFAULT.maxSize();
  private int workers = ChunkDefinition.DEFAULT.workers();
  private int inFlight;
  private @Nullable Integer maxLead;
  private ChunkDefinition.Threads threads = ChunkDefinition.DEFAULT.threads();
  private ChunkDefinition.Order order = ChunkDefinition.DEFAULT.order();
  private @Nullable Duration timeout;
  private @Nullable Duration itemTimeout;
  private OnError.Retry retry = OnError.Retry.NONE;
  private OnError.@Nullable Skip skip;

  ChunkStepBuilder(String name, StepHost host, ChunkSteps steps) {
    super(name, host.jobRepository());
    this.host = host;
    this.steps = steps;
  }

  @Override
  protected ChunkStepBuilder<T> self() {
    return this;
  }

  // -- what is read, processed and written --

  /**
   * Any reader. The rows of {@link CsvSlices#reader()} may be read ahead and committed in any order;
   * other readers are read one chunk at a time, unless they are {@link #repeatable()}.
   */
  public <R> ChunkStepBuilder<R> reader(ItemReader<? extends R> itemReader) {
    reader = itemReader;
    return retyped();
  }

  /**
   * The reader gives the same items again when it is opened from an earlier state, so that chunks
   * may be read ahead of what is committed.
   */
  public ChunkStepBuilder<T> repeatable() {
    repeatable = true;
    return this;
  }

  /** One more processor, called on several workers at a time; null from it filters the item. */
  public <P> ChunkStepBuilder<P> processor(ItemProcessor<? super T, ? extends P> processor) {
    return process(processor);
  }

  /**
   * One more processor, whose results come later: its worker waits for each, so that as many are
   * under way as there are workers. Null filters the item, an error is the item's fault.
   */
  public <P> ChunkStepBuilder<P> asyncProcessor(
      ItemProcessor<? super T, ? extends CompletionStage<? extends P>> processor) {
    return process(processor);
  }

  @SuppressWarnings("unchecked") // the items are T here, whatever the list is of
  private <P> ChunkStepBuilder<P> process(ItemProcessor<? super T, ?> processor) {
    if (stages.isEmpty()) {
      stages.add(new ChunkStep.Stage(ownWorkers(), new ArrayList<>()));
      unnamedFirst = true;
    }
    stages
        .get(stages.size() - 1)
        .processors()
        .add((ItemProcessor<Object, Object>) processor);
    return retyped();
  }

  /**
   * The processors named from here on, up to the next stage, have workers of their own: chunks pass
   * the stages one after another, in each as many items at a time as it has workers.
   *
   * @param workers threads of this stage, for each execution of the step
   */
  public ChunkStepBuilder<T> stage(int workers) {
    return stage(workers, ChunkDefinition.Threads.PLATFORM);
  }

  /** As {@link #stage}; the workers are virtual threads, which needs Java 21. */
  public ChunkStepBuilder<T> virtualStage(int workers) {
    return stage(workers, ChunkDefinition.Threads.VIRTUAL);
  }

  private ChunkStepBuilder<T> stage(int count, ChunkDefinition.Threads kind) {
    stages.add(
        new ChunkStep.Stage(
            new ProcessDefinition.Workers(atLeastOne("stage", count), kind), new ArrayList<>()));
    return this;
  }

  /**
   * Any writer. With {@link #connection} or {@link #dataSource} it takes part in the transaction of
   * the checkpoint; else it may be given the items of one chunk again after a failure.
   */
  @SuppressWarnings("unchecked") // the items are T here
  public ChunkStepBuilder<T> writer(ItemWriter<? super T> itemWriter) {
    writer = (ItemWriter<Object>) itemWriter;
    return this;
  }

  /** Items, which are {@link dev.tranche.row.Row}s, become rows of a table. */
  public ChunkStepBuilder<T> insertInto(String name) {
    table = new WriteDefinition.Jdbc(null, name, WriteDefinition.Jdbc.Mode.INSERT, List.of(), false, Map.of());
    return this;
  }

  /** As {@link #insertInto}; a row with a known key replaces what is there. */
  public ChunkStepBuilder<T> upsertInto(String name, String... key) {
    if (key.length == 0) {
      throw new IllegalArgumentException(
          about() + "upsertInto needs the columns of the key that tells rows apart");
    }
    table =
        new WriteDefinition.Jdbc(
            null, name, WriteDefinition.Jdbc.Mode.UPSERT, List.of(key), false, Map.of());
    return this;
  }

  /** Creates the table if it is not there, for rows of these columns. */
  public ChunkStepBuilder<T> createTable(Columns columns) {
    created = columns;
    return this;
  }

  /** The connection of {@code tranche.connections} that is written to. */
  public ChunkStepBuilder<T> connection(String name) {
    Database found = host.databases().find(name);
    if (found == null) {
      throw new IllegalArgumentException(
          about() + "there is no connection '" + name + "'. Known: "
              + String.join(", ", host.databases().names()));
    }
    database = found;
    return this;
  }

  /** The data source that is written to; the job repository's unless one is named. */
  public ChunkStepBuilder<T> dataSource(DataSource dataSource) {
    database =
        host.databases().all().stream()
            .filter(known -> known.dataSource() == dataSource)
            .findFirst()
            .orElseGet(() -> new Database("of step " + getName(), dataSource));
    return this;
  }

  // -- how it is put through --

  /** Items in a chunk. Without it: 1000, and up to 4000 where they are cheap, as in a job file. */
  public ChunkStepBuilder<T> chunkSize(int items) {
    size = atLeastOne("chunkSize", items);
    maxSize = null;
    return this;
  }

  /** One chunk after another, each spread over the workers. This is what holds if nothing is said. */
  public ChunkStepBuilder<T> map() {
    inFlight = 0;
    return this;
  }

  /** Several chunks at once. @param chunks read and not yet committed, at most */
  public ChunkStepBuilder<T> futures(int chunks) {
    inFlight = atLeastOne("futures", chunks);
    return this;
  }

  /** Threads that process items, for each execution of the step. */
  public ChunkStepBuilder<T> workers(int count) {
    workers = atLeastOne("workers", count);
    return this;
  }

  /** Workers are virtual threads; needs Java 21. */
  public ChunkStepBuilder<T> virtualThreads() {
    threads = ChunkDefinition.Threads.VIRTUAL;
    return this;
  }

  /** How many chunks the newest may be beyond the oldest that is not committed; with futures. */
  public ChunkStepBuilder<T> maxLead(int chunks) {
    maxLead = atLeastOne("maxLead", chunks);
    return this;
  }

  /** Commits chunks as they are done, not in the order they were read; with futures. */
  public ChunkStepBuilder<T> orderByCompletion() {
    order = ChunkDefinition.Order.COMPLETION;
    return this;
  }

  /** The longest a chunk may take to be processed, and again to be written. */
  public ChunkStepBuilder<T> timeout(Duration longest) {
    if (longest.toMillis() < 1) {
      throw new IllegalArgumentException(about() + "timeout is " + longest + "; at least 1 ms");
    }
    timeout = longest;
    return this;
  }

  /**
   * The longest an item may take to be processed, in each of its attempts: past it the worker is
   * interrupted, and the item alone has failed.
   */
  public ChunkStepBuilder<T> itemTimeout(Duration longest) {
    if (longest.toMillis() < 1) {
      throw new IllegalArgumentException(
          about() + "itemTimeout is " + longest + "; at least 1 ms");
    }
    itemTimeout = longest;
    return this;
  }

  // -- what is done about faults --

  /**
   * Tries a failed item or write again, each time as a new transaction.
   *
   * @param attempts in total, the first included
   * @param backoff before the second attempt; doubled before each later one, up to a minute, and
   *     up to a fifth shorter or longer, at random
   * @param on which faults; none named: those that a database calls transient
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  public final ChunkStepBuilder<T> retry(
      int attempts, Duration backoff, Class<? extends Throwable>... on) {
    List<String> names = Arrays.stream(on).map(Class::getName).toList();
    retry =
        new OnError.Retry(
            atLeastOne("retry", attempts),
            backoff,
            retry.maxBackoff(),
            retry.jitter(),
            names.isEmpty() ? retry.on() : names);
    return this;
  }

  /** Sets at most so many bad items aside, as rejects; in a partitioned step, of each partition. */
  public ChunkStepBuilder<T> skipLimit(long items) {
    if (items < 0) {
      throw new IllegalArgumentException(about() + "skipLimit is " + items + "; it cannot be less than 0");
    }
    Double rate = skip == null ? null : skip.rate();
    skip = new OnError.Skip(items, rate, skip == null ? 0 : skip.rateAfter());
    return this;
  }

  /** Sets at most this share of the items aside. @param after so many items it is looked at */
  public ChunkStepBuilder<T> skipRate(double share, long after) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(about() + "skipRate is " + share + "; it is a share, from 0 to 1");
    }
    skip = new OnError.Skip(skip == null ? null : skip.limit(), share, after);
    return this;
  }

  // -- who is told --

  @Override
  public ChunkStepBuilder<T> listener(Object listener) {
    listeners.add(listener);
    return super.listener(listener);
  }

  @Override
  public ChunkStepBuilder<T> listener(StepExecutionListener listener) {
    listeners.add(listener);
    return super.listener(listener);
  }

  /** The step, to be put into any job, or to be the worker of a partitioned step. */
  public ChunkStep build() {
    ItemReader<?> given = reader;
    if (given == null) {
      throw new IllegalStateException(about() + "it has no reader. Name one with reader(...)");
    }
    Database target = database == null ? host.databases().repository() : database;
    ChunkStep step =
        new ChunkStep(
            getName(),
            host,
            steps,
            new ChunkStep.Parts(
                given,
                repeatable || given instanceof SliceReader,
                stages(),
                chunk(),
                new OnError(retry, skip, null),
                target,
                destination(target),
                List.copyOf(listeners)));
    step.setObservationRegistry(host.observations());
    enhance(step);
    step.registerListeners(
        Arrays.asList(given, writer),
        stages.stream().flatMap(stage -> stage.processors().stream()).toList(),
        listeners);
    return step;
  }

  /** Those named, or one; processors before the first named one have the step's own workers. */
  private List<ChunkStep.Stage> stages() {
    List<ChunkStep.Stage> all = new ArrayList<>();
    for (ChunkStep.Stage stage : stages) {
      if (stage.processors().isEmpty()) {
        throw new IllegalStateException(
            about()
                + "stage "
                + (all.size() + 1)
                + " has nothing to do. Name a processor(...) behind it, or remove it");
      }
      all.add(new ChunkStep.Stage(stage.workers(), List.copyOf(stage.processors())));
    }
    if (all.isEmpty()) {
      return List.of(new ChunkStep.Stage(ownWorkers(), List.of()));
    }
    if (unnamedFirst) {
      all.set(0, new ChunkStep.Stage(ownWorkers(), all.get(0).processors()));
    }
    return List.copyOf(all);
  }

  private ProcessDefinition.Workers ownWorkers() {
    return new ProcessDefinition.Workers(workers, threads);
  }

  private ChunkDefinition chunk() {
    if (inFlight == 0 && (maxLead != null || order == ChunkDefinition.Order.COMPLETION)) {
      throw new IllegalStateException(
          about()
              + (maxLead != null ? "maxLead" : "orderByCompletion")
              + " has no effect with one chunk after another. Use futures(...)");
    }
    int window = Math.max(1, inFlight);
    return new ChunkDefinition(
        size,
        maxSize,
        inFlight == 0 ? ChunkDefinition.Mode.MAP : ChunkDefinition.Mode.FUTURES,
        workers,
        threads,
        window,
        maxLead == null ? ChunkDefinition.maxLead(window) : maxLead,
        order,
        timeout,
        itemTimeout);
  }

  private Destination destination(Database target) {
    WriteDefinition.Jdbc into = table;
    ItemWriter<Object> own = writer;
    if ((into == null) == (own == null)) {
      throw new IllegalStateException(
          about()
              + (own == null ? "it writes nothing" : "it has both a writer and a table")
              + ". Name either a writer(...), or a table with insertInto(...) or upsertInto(...)");
    }
    if (into != null) {
      WriteDefinition.Jdbc definition =
          new WriteDefinition.Jdbc(
              target.name(), into.table(), into.mode(), into.key(), created != null, Map.of());
      return new Destination.Table(new JdbcWriting(
          definition, target, created, timeout, size, maxSize == null ? size : maxSize));
    }
    if (created != null) {
      throw new IllegalStateException(about() + "createTable has no effect with a writer");
    }
    String joined = database == null ? null : target.name();
    return new Destination.Writer(
        new BeanWriting(new WriteDefinition.Bean(getName(), joined), target, timeout),
        Objects.requireNonNull(own));
  }

  private int atLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(about() + what + " is " + value + "; it must be at least 1");
    }
    return value;
  }

  private String about() {
    return "step '" + getName() + "': ";
  }

  @SuppressWarnings("unchecked") // the type is that of the items, which only the caller knows
  private <R> ChunkStepBuilder<R> retyped() {
    return (ChunkStepBuilder<R>) (ChunkStepBuilder<?>) this;
  }
}

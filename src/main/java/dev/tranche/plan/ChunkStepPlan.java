package dev.tranche.plan;

import dev.tranche.chunk.OutageException;
import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.definition.ProcessDefinition.LookedUp;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import dev.tranche.process.Processing;
import dev.tranche.reader.InputCheck;
import dev.tranche.row.Columns;
import dev.tranche.store.Database;
import dev.tranche.store.Rejects;
import dev.tranche.writer.BeanWriting;
import dev.tranche.writer.FileWriting;
import dev.tranche.writer.JdbcWriting;
import dev.tranche.writer.UnfitTableException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A step of chunks: where its checkpoints are, and how it gets ready. Immutable. */
public final class ChunkStepPlan implements StepPlan {

  private final ChunkStepDefinition definition;
  private final Database target;
  private final Database repository;
  private final Map<String, Object> parameters;
  private final Inputs inputs;

  ChunkStepPlan(
      ChunkStepDefinition definition,
      Database target,
      Database repository,
      Map<String, Object> parameters,
      Inputs inputs) {
    this.definition = definition;
    this.target = target;
    this.repository = repository;
    this.parameters = parameters;
    this.inputs = inputs;
  }

  @Override
  public String name() {
    return definition.name();
  }

  public ChunkStepDefinition definition() {
    return definition;
  }

  @Override
  public Database target() {
    return target;
  }

  @Override
  public Map<String, Integer> connections() {
    int lanes = definition.partition().concurrency();
    Map<String, Integer> needed = new LinkedHashMap<>();
    for (Database database : held()) {
      needed.merge(database.name(), lanes, Integer::sum);
    }
    for (Database database : Set.copyOf(held())) {
      needed.merge(database.name(), database.spare(), Integer::sum);
    }
    needed.putIfAbsent(repository.name(), repository.spare());
    return needed;
  }

  /** The databases that a lane holds a connection of: to write, to read a table, to look up rows. */
  public List<Database> held() {
    List<Database> held = new ArrayList<>(List.of(target));
    if (definition.read() instanceof ReadDefinition.Jdbc) {
      held.add(inputs.database(definition));
    }
    for (LookedUp lookup : LookupTables.of(definition)) {
      if (lookup.cache() == LookedUp.Cache.BY_KEY) {
        held.add(inputs.database(lookup.connection()));
      }
    }
    return held;
  }

  /**
   * Examines the input as it is now.
   *
   * @throws InputException if it cannot be used
   * @throws PlanException if the step cannot work with what was found
   */
  public ReadyStep ready() {
    return ready(inputs.examine(definition));
  }

  /** With the facts about the input that were frozen with the layout. */
  public ReadyStep ready(String files) {
    return ready(inputs.frozen(definition, files));
  }

  /**
   * With what was rejected of the input, to be run again.
   *
   * @param files the facts about the input that were frozen with the layout of the rejects
   * @param open at the first start; empty later, when the layout is there
   * @param execution what the rejects are taken by
   */
  public ReadyStep redriven(String files, List<Rejects.Open> open, long execution) {
    return ready(new RejectedItems(inputs.frozen(definition, files), target, open, execution));
  }

  /** Why what was rejected cannot be run again; null if it can. */
  public @Nullable String redriveObstacle(String files) {
    if (definition.write() instanceof WriteDefinition.InFile file) {
      return "it writes file " + file.file() + ", which is published whole: nothing can be added";
    }
    if (replaces()) {
      return "it replaces all rows of its table: those that were rejected would be the only ones";
    }
    return inputs.frozen(definition, files).rebuilding() == null
        ? "what is kept of its items is a text, and its reader's items cannot be made of that again"
        : null;
  }

  /** Whether the input files are as they were when {@code files} was frozen. */
  public boolean isUnchanged(String files) {
    return inputs.files(definition).map(input -> input.isUnchanged(SliceJson.readFacts(files)))
        .orElse(true);
  }

  /**
   * What to store before partitions go on whose files were edited.
   *
   * @throws InputException if bytes that are loaded were changed, or cannot be found again
   */
  public InputCheck.Result check(String files, Iterable<InputCheck.Partition> partitions) {
    return inputs.files(definition).orElseThrow().check(SliceJson.readFacts(files), partitions);
  }

  /** What it would do, in words; cuts the input as it is now. */
  public StepSketch sketch() {
    ReadyStep ready;
    try {
      ready = ready();
    } catch (InputException notThere) {
      return new StepSketch(
          reads(), List.of(), "", List.of(), List.of("its input is not there yet: "
              + notThere.getMessage()));
    }
    List<String> slices = new ArrayList<>();
    List<String> queries = new ArrayList<>();
    Skew skew = new Skew();
    try {
      ready.slices().forEachRemaining(slice -> {
        String query = ready.sql(slice);
        slices.add(slice instanceof Slice.Rows rows ? counted(rows) : slice.describe());
        if (!query.isEmpty()) {
          queries.add(query);
          skew.add(slice.estimate());
        }
      });
    } catch (InputException unfit) {
      return new StepSketch(
          reads(), List.of(), "", List.of(), List.of(String.valueOf(unfit.getMessage())));
    }
    List<String> notes = new ArrayList<>();
    List<String> sql = List.of();
    try {
      sql = ready.sql();
    } catch (UnfitTableException unfit) {
      notes.addAll(unfit.problems());
    } catch (OutageException away) {
      notes.add(String.valueOf(away.getMessage()));
    }
    notes.addAll(ready.notes());
    skew.note().ifPresent(notes::add);
    List<String> statements = new ArrayList<>(sql);
    statements.addAll(queries);
    return new StepSketch(reads(), slices, ready.guarantee(), statements, notes);
  }

  /** Removes what a layout that is published wrote aside; nothing for other targets. */
  public void discard(String layout) throws UnfitTableException, IOException, SQLException {
    if (definition.write() instanceof WriteDefinition.InFile file) {
      FileWriting.discard(file, inputs.baseDirectory(), inputs.mayLeave(), layout);
    } else if (replaces()) {
      JdbcWriting.discard(target, List.of(layout));
    }
  }

  private boolean replaces() {
    return definition.write() instanceof WriteDefinition.Jdbc jdbc && jdbc.mode() == Mode.REPLACE;
  }

  /** Whether what its partitions write is published when all of them are complete. */
  public boolean publishes() {
    return definition.write() instanceof WriteDefinition.InFile || replaces();
  }

  private static String counted(Slice.Rows rows) {
    return String.format(Locale.ROOT, "%s: about %,d rows", rows.describe(), rows.rows());
  }

  private String reads() {
    ReadDefinition read = definition.read();
    if (read instanceof ReadDefinition.InFiles files) {
      String kind = read.getClass().getSimpleName().toLowerCase(Locale.ROOT);
      return kind + " files " + String.join(", ", files.files());
    }
    if (read instanceof ReadDefinition.Jdbc jdbc) {
      String what = jdbc.table() == null ? "a query" : "table " + jdbc.table();
      return what + " of database " + inputs.database(definition).name();
    }
    return "bean " + ((ReadDefinition.Bean) read).bean();
  }

  private ReadyStep ready(Input input) {
    LookupTables tables = LookupTables.find(definition, inputs.databases());
    Processing processing;
    try {
      processing =
          new Processing(definition.process(), input.columns(), parameters, tables::get);
    } catch (IllegalArgumentException problems) {
      throw new PlanException(
          String.valueOf(problems.getMessage())
              .lines()
              .map(problem -> "step '" + name() + "', " + problem)
              .toList());
    }
    return new ReadyStep(input, tables, processing, output(processing.columns()));
  }

  private Output output(@Nullable Columns columns) {
    WriteDefinition write = definition.write();
    ChunkDefinition chunk = definition.chunk();
    var timeout = chunk.timeout();
    if (write instanceof WriteDefinition.Jdbc jdbc) {
      return new Output.Table(
          new JdbcWriting(jdbc, target, columns, timeout, chunk.size(), chunk.largest()));
    }
    if (write instanceof WriteDefinition.InFile file) {
      return new Output.File(files(file, columns));
    }
    WriteDefinition.Bean bean = (WriteDefinition.Bean) write;
    return new Output.Bean(bean, new BeanWriting(bean, target, timeout));
  }

  private FileWriting files(WriteDefinition.InFile write, @Nullable Columns columns) {
    try {
      return new FileWriting(
          write,
          target,
          columns,
          inputs.baseDirectory(),
          inputs.mayLeave(),
          definition.chunk().timeout());
    } catch (UnfitTableException unfit) {
      throw new PlanException(
          unfit.problems().stream().map(problem -> "step '" + name() + "': " + problem).toList());
    }
  }
}

package dev.tranche.definition;

import static dev.tranche.definition.Change.Effect.DECISION;
import static dev.tranche.definition.Change.Effect.HARMLESS;
import static dev.tranche.definition.Change.Effect.IMPOSSIBLE;

import dev.tranche.definition.Change.Effect;
import dev.tranche.definition.ProcessDefinition.LookedUp;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an edit of each key means for a run that has begun.
 *
 * <p>A key that holds a record of further keys is classified as well: that holds where it is another
 * kind of record, or there is none on one side.
 */
final class Effects {

  private static final Map<String, Effect> BY_KEY = new HashMap<>();

  static {
    of(JobDefinition.class, HARMLESS, "description", "parameters", "schedule", "onCrash");
    of(JobDefinition.class, IMPOSSIBLE, "name", "steps");
    of(ParameterDefinition.class, HARMLESS, "type", "defaultValue", "required", "identifying");
    of(ScheduleDefinition.class, HARMLESS, "cron", "every", "zone", "missed", "overlap");
    of(OnCrash.class, HARMLESS, "then", "limit");
    of(ChunkStepDefinition.class, IMPOSSIBLE, "name", "read", "partition", "write");
    of(ChunkStepDefinition.class, DECISION, "process");
    of(ChunkStepDefinition.class, HARMLESS, "chunk", "onError");
    of(SqlStepDefinition.class, IMPOSSIBLE, "name", "connection");
    of(SqlStepDefinition.class, DECISION, "sql");
    of(TaskletStepDefinition.class, IMPOSSIBLE, "name");
    of(TaskletStepDefinition.class, DECISION, "tasklet");
    read();
    process();
    partition();
    of(ChunkDefinition.class, HARMLESS, "size", "maxSize", "mode", "workers", "threads", "inFlight");
    of(ChunkDefinition.class, HARMLESS, "maxLead", "order", "timeout", "itemTimeout");
    of(OnError.class, HARMLESS, "retry", "failedPartitions");
    of(OnError.class, DECISION, "skip");
    of(OnError.Retry.class, HARMLESS, "attempts", "backoff", "maxBackoff", "jitter", "on");
    of(OnError.Skip.class, DECISION, "limit", "rate", "rateAfter");
    of(WriteDefinition.Jdbc.class, IMPOSSIBLE, "connection", "table", "key");
    of(WriteDefinition.Jdbc.class, DECISION, "mode", "columns");
    of(WriteDefinition.Jdbc.class, HARMLESS, "create");
    of(WriteDefinition.Bean.class, IMPOSSIBLE, "bean", "connection");
    of(WriteDefinition.Csv.class, IMPOSSIBLE, "file", "columns", "header", "delimiter", "quote");
    of(WriteDefinition.Csv.class, IMPOSSIBLE, "charset", "lineEnd", "parts");
    of(WriteDefinition.Csv.class, DECISION, "nullValue", "quoting");
    of(WriteDefinition.Csv.class, HARMLESS, "overwrite");
    of(WriteDefinition.Jsonl.class, IMPOSSIBLE, "file", "parts");
    of(WriteDefinition.Jsonl.class, DECISION, "columns");
    of(WriteDefinition.Jsonl.class, HARMLESS, "overwrite");
  }

  private Effects() {}

  /** Where records begin and end must stay; what is made of their values may change. */
  private static void read() {
    of(ReadDefinition.Csv.class, IMPOSSIBLE, "files", "header", "delimiter", "quote", "multiline");
    of(ReadDefinition.Csv.class, DECISION, "columns", "charset", "nullValues", "trim");
    of(ReadDefinition.Csv.class, HARMLESS, "maxRecord");
    of(ReadDefinition.Jdbc.class, IMPOSSIBLE, "connection", "table", "query", "key");
    of(ReadDefinition.Jdbc.class, DECISION, "columns");
    of(ReadDefinition.Bean.class, IMPOSSIBLE, "bean", "repeatable");
    for (Class<? extends Record> lines :
        List.of(ReadDefinition.Fixed.class, ReadDefinition.Jsonl.class, ReadDefinition.Json.class)) {
      of(lines, IMPOSSIBLE, "files");
      of(lines, DECISION, "columns", "nullValues");
      of(lines, HARMLESS, "maxRecord");
    }
    of(ReadDefinition.Fixed.class, DECISION, "charset");
    of(ReadDefinition.ColumnDefinition.class, DECISION, "from", "type", "format", "nullValues");
    of(ReadDefinition.ColumnDefinition.class, DECISION, "at", "width");
  }

  /** How the input is cut is frozen; how many lanes there are is not. */
  private static void partition() {
    of(PartitionDefinition.File.class, HARMLESS, "concurrency");
    of(PartitionDefinition.Bytes.class, IMPOSSIBLE, "size", "count");
    of(PartitionDefinition.Bytes.class, HARMLESS, "concurrency");
    of(PartitionDefinition.Range.class, IMPOSSIBLE, "column", "count", "rows");
    of(PartitionDefinition.Range.class, HARMLESS, "concurrency");
    of(PartitionDefinition.Balanced.class, IMPOSSIBLE, "column", "count", "rows");
    of(PartitionDefinition.Balanced.class, HARMLESS, "concurrency");
    of(PartitionDefinition.Values.class, IMPOSSIBLE, "column");
    of(PartitionDefinition.Values.class, HARMLESS, "concurrency");
    of(PartitionDefinition.Hash.class, IMPOSSIBLE, "column", "count", "rows");
    of(PartitionDefinition.Hash.class, HARMLESS, "concurrency");
    of(PartitionDefinition.Time.class, IMPOSSIBLE, "column", "every", "zone");
    of(PartitionDefinition.Time.class, HARMLESS, "concurrency");
    of(PartitionDefinition.Bean.class, IMPOSSIBLE, "bean", "count");
    of(PartitionDefinition.Bean.class, HARMLESS, "concurrency");
  }

  private static void process() {
    of(ProcessDefinition.Check.class, DECISION, "columns");
    of(ProcessDefinition.Set.class, DECISION, "expressions");
    of(ProcessDefinition.Filter.class, DECISION, "expression");
    of(ProcessDefinition.Rename.class, DECISION, "names");
    of(ProcessDefinition.Select.class, DECISION, "columns");
    of(ProcessDefinition.Drop.class, DECISION, "columns");
    of(ProcessDefinition.Cast.class, DECISION, "columns");
    of(ProcessDefinition.Flatten.class, DECISION, "columns");
    of(ProcessDefinition.Target.class, DECISION, "type", "format");
    of(ProcessDefinition.Part.class, DECISION, "from", "type");
    of(ProcessDefinition.Lookup.class, DECISION, "from");
    of(LookedUp.class, DECISION, "connection", "table", "query", "key", "columns");
    of(LookedUp.class, DECISION, "missing", "defaults");
    of(LookedUp.class, HARMLESS, "cache", "limit");
    of(ProcessDefinition.Bean.class, DECISION, "bean");
    of(ProcessDefinition.Stage.class, HARMLESS, "of");
    of(ProcessDefinition.Workers.class, HARMLESS, "workers", "threads");
    of(ProcessDefinition.Constraints.class, DECISION, "notNull", "notBlank", "min", "max", "size");
    of(ProcessDefinition.Constraints.class, DECISION, "pattern", "in");
    of(ProcessDefinition.Size.class, DECISION, "min", "max");
  }

  private static void of(Class<? extends Record> type, Effect effect, String... components) {
    for (String component : components) {
      BY_KEY.put(type.getName() + "." + component, effect);
    }
  }

  /** Null if nobody said yet. */
  static @Nullable Effect find(RecordComponent component) {
    return BY_KEY.get(component.getDeclaringRecord().getName() + "." + component.getName());
  }

  /** What nobody classified must not be mixed. */
  static Effect of(RecordComponent component) {
    Effect known = find(component);
    return known == null ? IMPOSSIBLE : known;
  }
}

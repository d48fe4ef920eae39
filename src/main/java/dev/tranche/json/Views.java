package dev.tranche.json;

import dev.tranche.ExecutionView;
import dev.tranche.FireView;
import dev.tranche.PartitionView;
import dev.tranche.PurgeView;
import dev.tranche.RejectGroupView;
import dev.tranche.RejectView;
import dev.tranche.ScheduleView;
import dev.tranche.StepView;
import dev.tranche.TallyView;
import dev.tranche.Tranche.Explanation.StepExplanation;
import dev.tranche.Tranche.Explanation;
import dev.tranche.Tranche.JobView;
import dev.tranche.Tranche.Recovery;
import dev.tranche.Tranche.RestartPlan;
import dev.tranche.definition.Change;
import dev.tranche.definition.Problem;
import dev.tranche.definition.With;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The door's views, read from what {@link Json} wrote. Keys that are not known are left aside, so
 * that a newer service can be talked to.
 */
public final class Views {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Views() {}

  /** @throws tools.jackson.core.JacksonException if it is no JSON */
  public static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  /** The elements of an array; none if it is null. */
  public static <T> List<T> list(JsonNode array, Function<JsonNode, T> view) {
    List<T> views = new ArrayList<>();
    array.forEach(element -> views.add(view.apply(element)));
    return views;
  }

  /** Of a list, or with its steps. */
  public static ExecutionView execution(JsonNode json) {
    return new ExecutionView(
        json.path("execution").asLong(),
        text(json, "job"),
        text(json, "status"),
        texts(json.path("parameters")),
        time(json, "started"),
        time(json, "ended"),
        tally(json.path("tally")),
        tally(json.path("thisExecution")),
        list(json.path("steps"), Views::step),
        list(json.path("failures"), JsonNode::asString),
        with(optional(json, "with")),
        list(json.path("changes"), JsonNode::asString));
  }

  private static @Nullable With with(@Nullable String name) {
    return name == null ? null : With.valueOf(name.toUpperCase(Locale.ROOT));
  }

  public static PartitionView partition(JsonNode json) {
    return partition(text(json, "step"), json);
  }

  public static RejectView reject(JsonNode json) {
    JsonNode takenBy = json.path("takenBy");
    return new RejectView(
        text(json, "step"),
        text(json, "partition"),
        json.path("ordinal").asLong(),
        text(json, "phase"),
        text(json, "source"),
        json.path("line").asLong(),
        json.path("offset").asLong(),
        optional(json, "column"),
        text(json, "original"),
        text(json, "error"),
        text(json, "message"),
        text(json, "fingerprint"),
        json.path("takenBy").isNumber() ? json.path("takenBy").asLong() : null);
  }

  public static RejectGroupView rejectGroup(JsonNode json) {
    return new RejectGroupView(
        text(json, "step"),
        text(json, "fingerprint"),
        json.path("count").asLong(),
        json.path("taken").asLong(),
        list(json.path("samples"), Views::reject));
  }

  public static JobView job(JsonNode json) {
    return new JobView(
        text(json, "name"),
        optional(json, "description"),
        text(json, "file"),
        list(json.path("steps"), JsonNode::asString),
        list(json.path("parameters"), JsonNode::asString));
  }

  public static Problem problem(JsonNode json) {
    return new Problem(
        text(json, "file"),
        json.path("line").asInt(),
        json.path("column").asInt(),
        "note".equals(optional(json, "severity"))
            ? Problem.Severity.NOTE
            : Problem.Severity.PROBLEM,
        text(json, "message"));
  }

  public static Recovery recovery(JsonNode json) {
    return new Recovery(
        json.path("execution").asLong(),
        text(json, "job"),
        text(json, "outcome"),
        json.path("settled").asBoolean());
  }

  public static RestartPlan plan(JsonNode json) {
    return new RestartPlan(
        json.path("execution").asLong(),
        text(json, "job"),
        list(json.path("changes"), Views::change),
        optional(json, "refusal"),
        list(json.path("partitions"), Views::decision));
  }

  public static Explanation explanation(JsonNode json) {
    return new Explanation(
        text(json, "job"),
        texts(json.path("parameters")),
        list(json.path("steps"), Views::stepExplanation));
  }

  /** Also as live progress tells it, without its partitions. */
  public static StepView step(JsonNode json) {
    String name = text(json, "name");
    JsonNode seconds = json.path("seconds");
    return new StepView(
        name,
        text(json, "status"),
        tally(json.path("tally")),
        tally(json.path("thisExecution")),
        seconds.isNumber() ? Duration.ofMillis(Math.round(seconds.asDouble() * 1000)) : null,
        optional(json, "target"),
        list(json.path("partitions"), partition -> partition(name, partition)));
  }

  private static PartitionView partition(String step, JsonNode json) {
    return new PartitionView(
        step,
        text(json, "name"),
        text(json, "status"),
        text(json, "slice"),
        optional(json, "position"),
        json.path("attempts").asInt(),
        tally(json.path("tally")),
        optional(json, "failure"));
  }

  public static ScheduleView schedule(JsonNode json) {
    JsonNode last = json.path("last");
    return new ScheduleView(
        text(json, "job"),
        text(json, "times"),
        text(json, "zone"),
        text(json, "missed"),
        text(json, "overlap"),
        json.path("paused").asBoolean(),
        list(json.path("next"), next -> Instant.parse(next.asString())),
        list(json.path("open"), Views::fire),
        list(json.path("fallen"), Views::fire),
        last.isObject() ? fire(last) : null);
  }

  public static FireView fire(JsonNode json) {
    JsonNode execution = json.path("execution");
    return new FireView(
        text(json, "job"),
        Instant.parse(text(json, "time")),
        json.path("byHand").asBoolean(),
        text(json, "state"),
        optional(json, "reason"),
        Instant.parse(text(json, "decided")),
        execution.isNumber() ? execution.asLong() : null);
  }

  public static PurgeView purge(JsonNode json) {
    return new PurgeView(
        json.path("dryRun").asBoolean(),
        list(
            json.path("jobs"),
            it ->
                new PurgeView.Purged(
                    text(it, "job"),
                    text(it, "status"),
                    it.path("instances").asLong(),
                    it.path("executions").asLong())),
        list(
            json.path("kept"),
            it ->
                new PurgeView.Kept(
                    text(it, "job"),
                    text(it, "status"),
                    it.path("instances").asLong(),
                    it.path("rejects").asLong())));
  }

  private static Change change(JsonNode json) {
    return new Change(
        text(json, "step"),
        text(json, "key"),
        Change.Effect.valueOf(text(json, "effect")),
        text(json, "before"),
        text(json, "after"),
        problem(json.path("place")));
  }

  private static RestartPlan.Decision decision(JsonNode json) {
    return new RestartPlan.Decision(
        text(json, "step"),
        text(json, "partition"),
        RestartPlan.Action.valueOf(text(json, "action")),
        text(json, "from"),
        text(json, "why"));
  }

  private static StepExplanation stepExplanation(JsonNode json) {
    Map<String, Integer> connections = new LinkedHashMap<>();
    json.path("connections").forEachEntry((name, count) -> connections.put(name, count.asInt()));
    return new StepExplanation(
        text(json, "name"),
        text(json, "reads"),
        text(json, "writes"),
        json.path("partitions").asInt(),
        json.path("lanes").asInt(),
        list(json.path("slices"), JsonNode::asString),
        text(json, "chunks"),
        text(json, "guarantee"),
        connections,
        list(json.path("sql"), JsonNode::asString),
        list(json.path("notes"), JsonNode::asString));
  }

  public static TallyView tally(JsonNode json) {
    return new TallyView(
        json.path("read").asLong(),
        json.path("written").asLong(),
        json.path("filtered").asLong(),
        json.path("rejected").asLong());
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.forEachEntry((name, value) -> texts.put(name, value.asString()));
    return texts;
  }

  private static @Nullable LocalDateTime time(JsonNode json, String key) {
    String text = optional(json, key);
    return text == null ? null : LocalDateTime.parse(text);
  }

  private static String text(JsonNode json, String key) {
    return json.path(key).asString("");
  }

  private static @Nullable String optional(JsonNode json, String key) {
    JsonNode value = json.path(key);
    return value.isMissingNode() || value.isNull() ? null : value.asString();
  }
}

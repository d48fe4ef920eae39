package dev.tranche.json;

import dev.tranche.AuditView;
import dev.tranche.ExecutionView;
import dev.tranche.FireView;
import dev.tranche.PartitionView;
import dev.tranche.PurgeView;
import dev.tranche.RejectGroupView;
import dev.tranche.RejectView;
import dev.tranche.ScheduleView;
import dev.tranche.StepView;
import dev.tranche.TallyView;
import dev.tranche.Tranche;
import dev.tranche.definition.Change;
import dev.tranche.definition.Problem;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON that {@code --json} prints and the REST interface sends: shapes that scripts rely on, so
 * they are written out here and not derived from the records of the door. {@link Views} reads them.
 *
 * <p>Every key is always there; what is unknown is null. A change that could break a reader raises
 * {@link #VERSION}.
 */
public final class Json {

  static final int VERSION = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT);

  private Json() {}

  public static String text(Object shape) {
    return MAPPER.writeValueAsString(shape);
  }

  /** As one line. */
  public static String line(Object shape) {
    return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(shape);
  }

  public static <T> List<Map<String, @Nullable Object>> list(
      List<T> views, Function<T, Map<String, @Nullable Object>> shape) {
    return views.stream().map(shape).toList();
  }

  public static Map<String, @Nullable Object> executionWithSteps(ExecutionView view) {
    Map<String, @Nullable Object> json = execution(view);
    json.put("with", view.with() == null ? null : view.with().name().toLowerCase(Locale.ROOT));
    json.put("changes", view.changes());
    json.put("failures", view.failures());
    json.put("steps", list(view.steps(), Json::step));
    return json;
  }

  public static Map<String, @Nullable Object> execution(ExecutionView view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("execution", view.execution());
    json.put("job", view.job());
    json.put("status", view.status());
    json.put("parameters", view.parameters());
    json.put("started", time(view.started()));
    json.put("ended", time(view.ended()));
    json.put("tally", tally(view.tally()));
    json.put("thisExecution", tally(view.thisExecution()));
    return json;
  }

  /** A step as live progress tells it: its partitions are only counted. */
  public static Map<String, @Nullable Object> progress(StepView view) {
    Map<String, @Nullable Object> json = versioned();
    json.putAll(step(view));
    json.put("partitions", view.partitions().size());
    json.put(
        "complete",
        view.partitions().stream().filter(it -> it.status().equals("COMPLETED")).count());
    return json;
  }

  /** Something that happened to a partition, as live progress tells it. */
  public static Map<String, @Nullable Object> notice(String step, String partition, String message) {
    Map<String, @Nullable Object> json = versioned();
    json.put("step", step);
    json.put("partition", partition);
    json.put("message", message);
    return json;
  }

  public static Map<String, @Nullable Object> audit(AuditView view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("entry", view.entry());
    json.put("at", view.at().toString());
    json.put("who", view.who());
    json.put("from", view.from());
    json.put("action", view.action());
    json.put("subject", view.subject());
    json.put("comment", view.comment());
    json.put("outcome", view.outcome());
    return json;
  }

  public static Map<String, @Nullable Object> partition(PartitionView view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("step", view.step());
    json.putAll(partitionOfStep(view));
    return json;
  }

  public static Map<String, @Nullable Object> reject(RejectView view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("step", view.step());
    json.put("partition", view.partition());
    json.put("ordinal", view.ordinal());
    json.put("phase", view.phase());
    json.put("source", view.source());
    json.put("line", view.line());
    json.put("offset", view.offset());
    json.put("column", view.column());
    json.put("original", view.original());
    json.put("error", view.error());
    json.put("message", view.message());
    json.put("fingerprint", view.fingerprint());
    json.put("takenBy", view.takenBy());
    return json;
  }

  public static Map<String, @Nullable Object> rejectGroup(RejectGroupView view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("step", view.step());
    json.put("fingerprint", view.fingerprint());
    json.put("count", view.count());
    json.put("taken", view.taken());
    json.put("samples", list(view.samples(), Json::reject));
    return json;
  }

  public static Map<String, @Nullable Object> job(Tranche.JobView view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("name", view.name());
    json.put("description", view.description());
    json.put("file", view.file());
    json.put("steps", view.steps());
    json.put("parameters", view.parameters());
    return json;
  }

  public static Map<String, @Nullable Object> problem(Problem problem) {
    Map<String, @Nullable Object> json = versioned();
    json.putAll(place(problem));
    json.put("severity", problem.isNote() ? "note" : "problem");
    json.put("message", problem.message());
    return json;
  }

  private static Map<String, @Nullable Object> place(Problem problem) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("file", problem.file());
    json.put("line", problem.line());
    json.put("column", problem.column());
    return json;
  }

  public static Map<String, @Nullable Object> plan(Tranche.RestartPlan view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("execution", view.execution());
    json.put("job", view.job());
    json.put("changes", list(view.changes(), Json::change));
    json.put("refusal", view.refusal());
    json.put("partitions", list(view.decisions(), Json::decision));
    return json;
  }

  private static Map<String, @Nullable Object> change(Change view) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("step", view.step());
    json.put("key", view.key());
    json.put("effect", view.effect().name());
    json.put("before", view.before());
    json.put("after", view.after());
    json.put("place", place(view.place()));
    return json;
  }

  public static Map<String, @Nullable Object> recovery(Tranche.Recovery view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("execution", view.execution());
    json.put("job", view.job());
    json.put("settled", view.settled());
    json.put("outcome", view.outcome());
    return json;
  }

  public static Map<String, @Nullable Object> schedule(ScheduleView view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("job", view.job());
    json.put("times", view.times());
    json.put("zone", view.zone());
    json.put("missed", view.missed());
    json.put("overlap", view.overlap());
    json.put("paused", view.paused());
    json.put("next", view.next().stream().map(Object::toString).toList());
    json.put("open", list(view.open(), Json::fire));
    json.put("fallen", list(view.fallen(), Json::fire));
    json.put("last", view.last() == null ? null : fire(view.last()));
    return json;
  }

  public static Map<String, @Nullable Object> fire(FireView view) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("job", view.job());
    json.put("time", view.time().toString());
    json.put("byHand", view.byHand());
    json.put("state", view.state());
    json.put("reason", view.reason());
    json.put("decided", view.decided().toString());
    json.put("execution", view.execution());
    return json;
  }

  public static Map<String, @Nullable Object> purge(PurgeView view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("dryRun", view.dryRun());
    json.put("jobs", list(view.jobs(), Json::purged));
    json.put("kept", list(view.kept(), Json::kept));
    return json;
  }

  private static Map<String, @Nullable Object> purged(PurgeView.Purged view) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("job", view.job());
    json.put("status", view.status());
    json.put("instances", view.instances());
    json.put("executions", view.executions());
    return json;
  }

  private static Map<String, @Nullable Object> kept(PurgeView.Kept view) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("job", view.job());
    json.put("status", view.status());
    json.put("instances", view.instances());
    json.put("rejects", view.rejects());
    return json;
  }

  public static Map<String, @Nullable Object> asked(long execution) {
    Map<String, @Nullable Object> json = versioned();
    json.put("execution", execution);
    json.put("asked", "stop");
    return json;
  }

  public static Map<String, @Nullable Object> explanation(Tranche.Explanation view) {
    Map<String, @Nullable Object> json = versioned();
    json.put("job", view.job());
    json.put("parameters", view.parameters());
    json.put("steps", list(view.steps(), Json::stepExplanation));
    return json;
  }

  private static Map<String, @Nullable Object> step(StepView view) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", view.name());
    json.put("status", view.status());
    json.put("tally", tally(view.tally()));
    json.put("thisExecution", tally(view.thisExecution()));
    json.put("seconds", view.duration() == null ? null : view.duration().toMillis() / 1000.0);
    json.put("target", view.target());
    json.put("partitions", list(view.partitions(), Json::partitionOfStep));
    return json;
  }

  private static Map<String, @Nullable Object> partitionOfStep(PartitionView view) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", view.name());
    json.put("status", view.status());
    json.put("slice", view.slice());
    json.put("position", view.position());
    json.put("attempts", view.attempts());
    json.put("tally", tally(view.tally()));
    json.put("failure", view.failure());
    return json;
  }

  private static Map<String, @Nullable Object> decision(Tranche.RestartPlan.Decision view) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("step", view.step());
    json.put("partition", view.partition());
    json.put("action", view.action().name());
    json.put("from", view.from());
    json.put("why", view.why());
    return json;
  }

  private static Map<String, @Nullable Object> stepExplanation(
      Tranche.Explanation.StepExplanation view) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", view.step());
    json.put("reads", view.reads());
    json.put("writes", view.writes());
    json.put("partitions", view.partitions());
    json.put("lanes", view.lanes());
    json.put("slices", view.slices());
    json.put("chunks", view.chunks());
    json.put("guarantee", view.guarantee());
    json.put("connections", view.connections());
    json.put("sql", view.sql());
    json.put("notes", view.notes());
    return json;
  }

  private static Map<String, @Nullable Object> tally(TallyView view) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("read", view.read());
    json.put("written", view.written());
    json.put("filtered", view.filtered());
    json.put("rejected", view.rejected());
    return json;
  }

  private static Map<String, @Nullable Object> versioned() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("version", VERSION);
    return json;
  }

  private static @Nullable String time(@Nullable LocalDateTime time) {
    return time == null ? null : TIME.format(time);
  }
}

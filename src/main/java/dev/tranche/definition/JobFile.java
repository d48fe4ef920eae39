package dev.tranche.definition;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One job file as it was written, with everything found in it that can be found without running it.
 *
 * <p>Immutable; safe for all threads.
 */
public final class JobFile {

  private static final int JAVA_VERSION = Runtime.version().feature();

  private static final ParameterDefinition FIRE_TIME =
      new ParameterDefinition(ParameterDefinition.Type.TIMESTAMP, null, false, true);

  private final String file;
  private final String text;
  private final @Nullable Tree tree;
  private final List<Problem> syntax;
  private final Map<String, ParameterDefinition> parameters;

  private JobFile(String file, String text) {
    Findings findings = new Findings(file);
    this.file = file;
    this.text = text;
    this.tree = Yaml.read(text, findings);
    this.syntax = findings.problems();
    this.parameters = declared(tree);
  }

  private JobFile(JobFile other, List<Problem> syntax) {
    this.file = other.file;
    this.text = other.text;
    this.tree = other.tree;
    this.syntax = syntax;
    this.parameters = other.parameters;
  }

  /** This file with a problem that has to do with another one. */
  JobFile spoiledBy(Problem problem) {
    return new JobFile(this, Stream.concat(syntax.stream(), Stream.of(problem)).toList());
  }

  /** Reads {@code text}, however broken it is; {@code file} is the name that problems show. */
  public static JobFile parse(String file, String text) {
    return new JobFile(file, text);
  }

  /** The name of the job; of the file without its ending, if the job has none that can be used. */
  public String name() {
    if (tree != null
        && tree.at("name") instanceof Tree.Text name
        && !name.text().isBlank()) {
      return name.text();
    }
    String last = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    return last.replaceFirst("\\.ya?ml$", "");
  }

  Place namePlace() {
    Tree name = tree == null ? null : tree.at("name");
    return name == null ? Place.NOWHERE : name.place();
  }

  /** The name of the file, as problems show it. */
  public String file() {
    return file;
  }

  public String text() {
    return text;
  }

  /** What runs may be given; as far as it can be understood, if the file has problems. */
  public Map<String, ParameterDefinition> parameters() {
    return parameters;
  }

  /**
   * The parameters of a run, from those that a user gave.
   *
   * @throws InvalidDefinitionException with everything wrong with them
   */
  public Parameters parameters(Map<String, String> given) {
    return Parameters.of(name(), parameters, given);
  }

  /** {@link #problems(Placeholders)} with the environment variables of this process only. */
  public List<Problem> problems() {
    return problems(Placeholders.environment());
  }

  /**
   * Everything wrong that can be found without the parameters of a run, in the order of the file.
   *
   * @param environment Spring properties and environment variables
   */
  public List<Problem> problems(Placeholders environment) {
    return problems(environment, JAVA_VERSION);
  }

  /** @param javaVersion that will run the job */
  List<Problem> problems(Placeholders environment, int javaVersion) {
    return findings(environment, javaVersion).problems();
  }

  /** {@link #problems(Placeholders)}, and notes on what is right and yet worth knowing. */
  public List<Problem> lint(Placeholders environment) {
    return findings(environment, JAVA_VERSION).all();
  }

  private Findings findings(Placeholders environment, int javaVersion) {
    Findings findings = new Findings(file, syntax);
    bind(findings, new Substitution(parameters, environment, zone(), false), javaVersion);
    return findings;
  }

  /**
   * The definition with all placeholders resolved.
   *
   * @param placeholders the parameters of a run, Spring properties and environment variables
   * @throws InvalidDefinitionException if anything is wrong with it
   */
  public JobDefinition resolve(Placeholders placeholders) {
    return resolved(placeholders).definition();
  }

  /** As {@link #resolve}, together with the placeholders that were used. */
  public ResolvedJob resolved(Placeholders placeholders) {
    Findings findings = new Findings(file, syntax);
    Substitution substitution = new Substitution(parameters, placeholders, zone(), true);
    JobDefinition job = bind(findings, substitution, JAVA_VERSION);
    if (job == null || !findings.problems().isEmpty()) {
      throw new InvalidDefinitionException(findings.problems());
    }
    return new ResolvedJob(job, substitution.used());
  }

  /** When it runs by itself; null if it has no schedule, or one with problems. */
  public @Nullable ScheduleDefinition schedule(Placeholders environment) {
    Tree schedule = tree == null ? null : tree.at("schedule");
    if (schedule == null) {
      return null;
    }
    Findings findings = new Findings(file);
    Substitution values = new Substitution(parameters, environment, zone(), false);
    Object bound = new Binder(findings, values)
        .bind(Language.shape(ScheduleDefinition.class), schedule, KeyPath.ROOT);
    return findings.problems().isEmpty() ? (ScheduleDefinition) bound : null;
  }

  /**
   * A problem that others found, at its place in this file.
   *
   * @param step the name of a step; if there is none, the problem is about the whole file
   * @param way keys (texts) and indexes (from 0) from the step to what is wrong, such as {@code
   *     process, 2, severity}; the key between an entry of {@code process:} and what it holds may
   *     be left out. Followed as far as it goes
   */
  public Problem problem(String step, List<?> way, String message) {
    Place place = tree == null ? Place.NOWHERE : Walk.to(tree, step, way);
    return new Problem(file, place.line(), place.column(), message);
  }

  private @Nullable JobDefinition bind(
      Findings findings, Substitution substitution, int javaVersion) {
    if (tree == null) {
      return null;
    }
    JobDefinition job =
        (JobDefinition) new Binder(findings, substitution).bind(Language.JOB, tree, KeyPath.ROOT);
    if (job != null) {
      Validation.check(job, findings);
      Rules.check(job, findings, javaVersion);
    }
    return job;
  }

  /** The zone of the schedule by itself, for dates elsewhere in the file; else UTC. */
  private ZoneId zone() {
    Tree schedule = tree == null ? null : tree.at("schedule");
    Tree zone = schedule instanceof Tree.Entries ? schedule.at("zone") : null;
    try {
      return zone instanceof Tree.Text text ? ZoneId.of(text.text()) : ZoneOffset.UTC;
    } catch (DateTimeException broken) {
      return ZoneOffset.UTC; // which is a problem of its own
    }
  }

  /** The parameters by themselves, since placeholders elsewhere in the file need them. */
  private static Map<String, ParameterDefinition> declared(@Nullable Tree tree) {
    Map<String, ParameterDefinition> parameters = new LinkedHashMap<>();
    if (tree != null && tree.at("parameters") instanceof Tree.Entries declarations) {
      Binder binder = new Binder(new Findings("parameters"), Substitution.none());
      Shape shape = Language.shape(ParameterDefinition.class);
      declarations.entries().forEach((name, declaration) -> {
        Object parameter = binder.bind(shape, declaration.value(), KeyPath.ROOT);
        parameters.put(
            name,
            parameter instanceof ParameterDefinition known
                ? known
                : Defaults.of(ParameterDefinition.class));
      });
    }
    if (tree != null && tree.at("schedule") != null) {
      parameters.put(Parameters.SCHEDULED_AT, FIRE_TIME);
    }
    return Collections.unmodifiableMap(parameters);
  }
}

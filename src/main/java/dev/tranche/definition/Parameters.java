package dev.tranche.definition;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one run, checked against what the job declares, with its defaults filled in.
 *
 * <p>Parameters without a value are absent. Immutable; safe for all threads.
 */
public final class Parameters {

  /** The logical time of a fire: what every job with a schedule may be given, in UTC. */
  public static final String SCHEDULED_AT = "scheduled-at";

  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, String> texts = new LinkedHashMap<>();

  private Parameters() {}

  /**
   * The parameters that {@code given} stands for.
   *
   * @param job its name, for problems
   * @throws InvalidDefinitionException with all problems, if there are any
   */
  static Parameters of(
      String job, Map<String, ParameterDefinition> declared, Map<String, String> given) {
    List<String> problems = new ArrayList<>();
    given.keySet().stream()
        .filter(name -> !declared.containsKey(name))
        .forEach(name -> problems.add(unknown(job, name, declared)));
    Parameters parameters = new Parameters();
    declared.forEach(
        (name, parameter) -> parameters.take(name, parameter, given.get(name), problems));
    if (!problems.isEmpty()) {
      throw new InvalidDefinitionException(
          problems.stream().map(problem -> new Problem(job, 0, 0, problem)).toList());
    }
    return parameters;
  }

  /** Name to value, in the order declared: String, Long, Double, LocalDate or OffsetDateTime. */
  public Map<String, Object> values() {
    return Collections.unmodifiableMap(values);
  }

  /** Name to text, as given or declared. */
  public Map<String, String> texts() {
    return Collections.unmodifiableMap(texts);
  }

  /** What {@code ${name}} stands for. */
  public Placeholders placeholders() {
    return Placeholders.of(texts);
  }

  /**
   * The value that {@code text} stands for.
   *
   * @throws RuntimeException if it stands for none
   */
  static Object parse(ParameterDefinition.Type type, String text) {
    return switch (type) {
      case STRING -> text;
      case LONG -> Long.parseLong(text);
      case DOUBLE -> Double.parseDouble(text);
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> timestamp(text);
    };
  }

  /** What values of {@code type} are, in words that follow "must be". */
  static String words(ParameterDefinition.Type type) {
    return switch (type) {
      case STRING -> "a text";
      case LONG -> "a whole number";
      case DOUBLE -> "a number";
      case DATE -> "a date such as 2026-01-31";
      case TIMESTAMP -> "a timestamp such as 2026-01-31T12:00:00Z";
    };
  }

  private void take(
      String name, ParameterDefinition declared, @Nullable String given, List<String> problems) {
    String text = given != null ? given : declared.defaultValue();
    if (text == null) {
      if (declared.required()) {
        problems.add("parameter '%s' is missing. Give it as %s=…, %s."
            .formatted(name, name, words(declared.type())));
      }
      return;
    }
    try {
      Object value = parse(declared.type(), text);
      if (name.equals(SCHEDULED_AT) && value instanceof OffsetDateTime time) {
        // One moment is one job instance, in whatever offset it is written.
        value = time.withOffsetSameInstant(ZoneOffset.UTC);
        text = time.toInstant().toString();
      }
      values.put(name, value);
      texts.put(name, text);
    } catch (RuntimeException e) {
      problems.add(
          "parameter '%s' must be %s, but is '%s'.".formatted(name, words(declared.type()), text));
    }
  }

  private static OffsetDateTime timestamp(String text) {
    boolean zoned = text.matches(".*T.*([Zz]|[-+]\\d\\d.*)");
    return zoned ? OffsetDateTime.parse(text) : LocalDateTime.parse(text).atOffset(ZoneOffset.UTC);
  }

  private static String unknown(
      String job, String name, Map<String, ParameterDefinition> declared) {
    if (declared.isEmpty()) {
      return "there is no parameter '%s'. '%s' has none.".formatted(name, job);
    }
    String hint = Nearest.hint(name, declared.keySet());
    return "there is no parameter '%s'.%s Declared: %s."
        .formatted(name, hint, String.join(", ", declared.keySet()));
  }
}

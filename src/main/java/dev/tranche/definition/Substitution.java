package dev.tranche.definition;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of placeholders, and remembers which.
 *
 * <p>Without the values of a run, placeholders of parameters without a default are <i>open</i>:
 * what they stand in cannot be judged yet. For one thread.
 */
final class Substitution {

  private static final Pattern PLACEHOLDER = Pattern.compile("(\\$?)\\$\\{([^}]*)}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w.-]*");
  private static final Pattern HARMLESS = Pattern.compile("(?!.*--)[\\w.:+-]*");

  private final Map<String, ParameterDefinition> parameters;
  private final Placeholders placeholders;
  private final ZoneId zone;
  private final boolean run;
  private final Map<String, String> used = new LinkedHashMap<>();

  /**
   * @param zone in which dates are calculated with
   * @param run whether {@code placeholders} are those of a run, so that all must have a value
   */
  Substitution(
      Map<String, ParameterDefinition> parameters,
      Placeholders placeholders,
      ZoneId zone,
      boolean run) {
    this.parameters = parameters;
    this.placeholders = placeholders;
    this.zone = zone;
    this.run = run;
  }

  static Substitution none() {
    return new Substitution(Map.of(), Placeholders.NONE, ZoneOffset.UTC, false);
  }

  /** Placeholders and the values that stood for them so far. */
  Map<String, String> used() {
    return used;
  }

  static boolean hasPlaceholder(String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** The text with values in place; null if one is missing, which is a problem, or still open. */
  @Nullable String apply(Tree.Text scalar, Notation notation, Findings findings) {
    Matcher matcher = PLACEHOLDER.matcher(scalar.text());
    StringBuilder text = new StringBuilder();
    boolean complete = true;
    while (matcher.find()) {
      String value = "${" + matcher.group(2) + "}";
      if (matcher.group(1).isEmpty()) {
        value = value(matcher.group(2), notation, scalar.place(), findings);
        complete &= value != null;
      }
      matcher.appendReplacement(text, value == null ? "" : Matcher.quoteReplacement(value));
    }
    matcher.appendTail(text);
    return complete ? text.toString() : null;
  }

  /**
   * What {@code scalar} came to, for a message: values of parameters are shown, values of
   * properties and environment variables are not, since they may be secrets.
   */
  String shown(Tree.Text scalar, String text) {
    if (!hasPlaceholder(scalar.text())) {
      return "'" + text + "'";
    }
    boolean open = PLACEHOLDER
        .matcher(scalar.text())
        .results()
        .allMatch(found ->
            parameters.containsKey(found.group(2)) || DateCall.isMeant(found.group(2)));
    return open ? "'" + text + "' (" + scalar.text() + ")" : "the value of '" + scalar.text() + "'";
  }

  private @Nullable String value(String name, Notation notation, Place place, Findings findings) {
    String refusal = refusal(name, notation);
    if (refusal != null) {
      findings.add(place, refusal);
      return null;
    }
    if (DateCall.isMeant(name)) {
      return date(name, notation, place, findings);
    }
    String value = lookUp(name);
    if (value == null) {
      if (run || !parameters.containsKey(name)) {
        findings.add(place, missing(name));
      }
      return null;
    }
    if (notation == Notation.SQL && parameters.containsKey(name) && !isHarmless(value)) {
      findings.add(place, unsafe(name, value));
      return null;
    }
    used.put(name, value);
    return value;
  }

  /** The value of a call, the frozen one if there is one. */
  private @Nullable String date(
      String placeholder, Notation notation, Place place, Findings findings) {
    String text;
    try {
      text = date(placeholder);
    } catch (RuntimeException wrong) {
      findings.add(
          place,
          "'${%s}' cannot be calculated. %s".formatted(placeholder, sentence(wrong.getMessage())));
      return null;
    }
    if (text == null) {
      if (run) {
        findings.add(place, missing(DateCall.parse(placeholder).name()));
      }
      return null;
    }
    if (notation == Notation.SQL && !isHarmless(text)) {
      findings.add(place, unsafe(placeholder, text));
      return null;
    }
    used.put(placeholder, text);
    return text;
  }

  /** Null if its parameter has no value. */
  private @Nullable String date(String placeholder) {
    DateCall call = DateCall.parse(placeholder);
    ParameterDefinition.Type type = dateType(call.name());
    String frozen = placeholders.value(placeholder);
    if (frozen != null) {
      return frozen;
    }
    String given = lookUp(call.name());
    return given == null ? null : call.apply(type, given, zone);
  }

  private ParameterDefinition.Type dateType(String name) {
    ParameterDefinition parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(missing(name));
    }
    if (parameter.type() != ParameterDefinition.Type.DATE
        && parameter.type() != ParameterDefinition.Type.TIMESTAMP) {
      throw new IllegalArgumentException(
          "Parameter '%s' must be of type date or timestamp for that.".formatted(name));
    }
    return parameter.type();
  }

  private static String sentence(@Nullable String text) {
    String known = text == null ? "" : text;
    return known.endsWith(".") ? known : known + ".";
  }

  private @Nullable String lookUp(String name) {
    String value = placeholders.value(name);
    ParameterDefinition parameter = parameters.get(name);
    return value != null || parameter == null ? value : parameter.defaultValue();
  }

  private static boolean isHarmless(String value) {
    return HARMLESS.matcher(value).matches();
  }

  private @Nullable String refusal(String name, Notation notation) {
    if (notation == Notation.NAME || notation == Notation.FIXED) {
      return "'${%s}' cannot stand here: this must be the same in every run. Write it out."
          .formatted(name);
    }
    if (notation == Notation.EXPRESSION) {
      return "'${%s}' cannot stand in an expression. Write '#%s': parameters are variables there."
          .formatted(name, name);
    }
    if (name.contains(":") && NAME.matcher(name.substring(0, name.indexOf(':'))).matches()) {
      String plain = name.substring(0, name.indexOf(':'));
      return "'${%s}' has a default behind its name. Write '${%s}' and declare the default: %s"
          .formatted(name, plain, "parameters: { " + plain + ": { default: … } }.");
    }
    return NAME.matcher(name).matches() || DateCall.isMeant(name)
        ? null
        : "'${%s}' is no placeholder. Write ${name} or ${env.NAME}; $${ stands for ${."
            .formatted(name);
  }

  private String missing(String name) {
    if (name.startsWith("env.")) {
      return "the environment variable '%s' is not set. Set it, or remove '${%s}'."
          .formatted(name.substring(4), name);
    }
    if (name.equals(Parameters.SCHEDULED_AT)) {
      return parameters.containsKey(name)
          ? "a run by hand has no 'scheduled-at'. Give the time it stands for, as in"
              + " scheduled-at=2026-01-31T02:15:00Z."
          : "'${scheduled-at}' is the time of a fire, and this job has no schedule. Add one.";
    }
    if (parameters.containsKey(name)) {
      return "parameter '%s' has no value. Give one with %s=…, or declare a default."
          .formatted(name, name);
    }
    String known = parameters.isEmpty() ? "none" : Nearest.listed(parameters.keySet());
    return "'${%s}' is neither a parameter nor a Spring property.%s Declared parameters: %s."
        .formatted(name, Nearest.hint(name, parameters.keySet()), known);
  }

  private static String unsafe(String name, String value) {
    return ("the value \"%s\" of parameter '%s' could change the meaning of this statement. "
            + "Only letters, digits and _ . : + - are pasted into SQL.")
        .formatted(value, name);
  }
}

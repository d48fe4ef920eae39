package dev.tranche.console;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tranche.PurgeRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What requests say, read strictly: a key that is not known is a mistake. */
final class Bodies {

  /** Longer ones are no comments. */
  static final int LONGEST_COMMENT = 500;

  private static final List<String> STATUSES =
      List.of("COMPLETED", "FAILED", "STOPPED", "ABANDONED");

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Bodies() {}

  /** @param anew as {@code --new} */
  record Start(
      @Nullable Map<String, String> parameters,
      @JsonProperty("new") @Nullable Boolean anew,
      @Nullable String comment) {}

  /** @param with {@code old} or {@code new} */
  record Restart(@Nullable List<String> only, @Nullable String with, @Nullable String comment) {}

  /** @param execution null: all that can be told to be dead */
  record Recover(@Nullable Long execution, @Nullable String comment) {}

  /**
   * @param rule by status; null: as the settings say
   * @param openRejects as {@code --open-rejects}; part of the rule
   */
  record Purge(
      @Nullable String job,
      @Nullable Map<String, Keep> rule,
      @Nullable Boolean openRejects,
      @Nullable Boolean dryRun,
      @Nullable String comment) {

    @Nullable PurgeRule asRule() {
      if (rule == null && openRejects != null) {
        throw new WrongRequestException(
            "'openRejects' is part of a rule, and there is no 'rule'. Without one,"
                + " tranche.retention holds.");
      }
      if (rule == null) {
        return null;
      }
      Map<String, PurgeRule.Keep> keeps = new HashMap<>();
      rule.forEach((status, keep) -> keeps.put(status(status), keep(status, keep)));
      return new PurgeRule(keeps, Boolean.TRUE.equals(openRejects));
    }

    private static String status(String status) {
      if (!STATUSES.contains(status)) {
        throw new WrongRequestException(
            "The rule has '" + status + "'; it must be one of " + String.join(", ", STATUSES)
                + ".");
      }
      return status;
    }

    private static PurgeRule.Keep keep(String status, @Nullable Keep keep) {
      if (keep == null || keep.days() < 0 || keep.last() < 0) {
        throw new WrongRequestException(
            "The rule for " + status + " must have 'days' and 'last', both at least 0.");
      }
      return new PurgeRule.Keep(keep.days(), keep.last());
    }
  }

  record Keep(int days, int last) {}

  record Act(@Nullable String comment) {}

  record File(@Nullable String file, @Nullable String text) {}

  /** @param body null or empty: as {@code {}} */
  static <T> T read(@Nullable String body, Class<T> type) {
    String text = body == null || body.isBlank() ? "{}" : body;
    try {
      T read = MAPPER.readValue(text, type);
      if (read == null) {
        throw new WrongRequestException("The body is null; it must be a JSON object.");
      }
      return read;
    } catch (JacksonException wrong) {
      throw new WrongRequestException("The body cannot be used: " + wrong.getOriginalMessage());
    }
  }

  /** PostgreSQL's texts cannot hold the character 0, and no name has one. */
  static String clean(String what, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new WrongRequestException(what + " has a character 0 in it.");
    }
    return text;
  }

  static Map<String, String> clean(@Nullable Map<String, String> parameters) {
    Map<String, String> given = parameters == null ? Map.of() : parameters;
    given.forEach(
        (name, value) -> {
          clean("The name of a parameter", name);
          if (value == null) {
            throw new WrongRequestException(
                "Parameter '" + name + "' is null; it must be a text.");
          }
          clean("Parameter '" + name + "'", value);
        });
    return given;
  }

  static @Nullable String comment(@Nullable String comment) {
    if (comment != null && comment.length() > LONGEST_COMMENT) {
      throw new WrongRequestException(
          "The comment has " + comment.length() + " characters; it may have "
              + LONGEST_COMMENT + ".");
    }
    return comment == null ? null : clean("The comment", comment);
  }
}

package dev.tranche.definition;

import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A placeholder that calculates with a date: {@code date(scheduled-at, '-1d', 'yyyy-MM-dd')}.
 *
 * <p>Years, months, weeks and days are those of the calendar, hours and less are elapsed time.
 *
 * @param name of a parameter of type date or timestamp
 * @param shift such as {@code -1d} or {@code +1mo-12h}; empty: none
 */
record DateCall(String name, String shift, DateTimeFormatter pattern) {

  private static final String STANDARD = "yyyy-MM-dd";
  private static final String TEXT = "'((?:[^']|'')*)'";
  private static final Pattern CALL = Pattern.compile(
      "date\\(\\s*([A-Za-z_][\\w.-]*)\\s*(?:,\\s*" + TEXT + "\\s*)?(?:,\\s*" + TEXT + "\\s*)?\\)");
  private static final Pattern TERM = Pattern.compile("([-+]?)(\\d{1,6})(y|mo|w|d|h|m|s)");
  private static final Pattern SHIFT = Pattern.compile("(?:" + TERM.pattern() + ")?"
      + "(?:[-+]\\d{1,6}(?:y|mo|w|d|h|m|s))*");

  /** Whether {@code placeholder}, the text between the braces, is meant as a call. */
  static boolean isMeant(String placeholder) {
    return placeholder.startsWith("date(");
  }

  /**
   * The call that {@code placeholder} is.
   *
   * @throws IllegalArgumentException if it is none; its message is a sentence with a hint
   */
  static DateCall parse(String placeholder) {
    Matcher call = CALL.matcher(placeholder);
    if (!call.matches()) {
      throw new IllegalArgumentException(
          "Write date(parameter, 'shift', 'pattern'), as in ${date(scheduled-at, '-1d',"
              + " 'yyyy-MM-dd')}.");
    }
    String shift = call.group(2) == null ? "" : call.group(2);
    if (!SHIFT.matcher(shift).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no shift. Write a number and y, mo, w, d, h, m or s, such as '-1d' or '+1mo-12h'."
              .formatted(shift));
    }
    return new DateCall(call.group(1), shift, pattern(call.group(3)));
  }

  private static DateTimeFormatter pattern(@Nullable String given) {
    String pattern = given == null ? STANDARD : given.replace("''", "'");
    try {
      return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    } catch (IllegalArgumentException broken) {
      throw new IllegalArgumentException(
          "'%s' is no pattern of a date: %s.".formatted(pattern, broken.getMessage()), broken);
    }
  }

  /**
   * What it comes to for a value of the parameter.
   *
   * @param zone of the calendar and of what is shown
   * @throws RuntimeException if the value is no date, or there is no such date
   */
  String apply(ParameterDefinition.Type type, String value, ZoneId zone) {
    Object parsed = Parameters.parse(type, value);
    ZonedDateTime time = parsed instanceof LocalDate date
        ? date.atStartOfDay(zone)
        : ((OffsetDateTime) parsed).atZoneSameInstant(zone);
    Matcher term = TERM.matcher(shift);
    while (term.find()) {
      int amount = Integer.parseInt(term.group(2)) * (term.group(1).equals("-") ? -1 : 1);
      time = plus(time, amount, term.group(3));
    }
    return pattern.format(time);
  }

  private static ZonedDateTime plus(ZonedDateTime time, int amount, String unit) {
    return switch (unit) {
      case "y" -> time.plus(Period.ofYears(amount));
      case "mo" -> time.plus(Period.ofMonths(amount));
      case "w" -> time.plus(Period.ofWeeks(amount));
      case "d" -> time.plus(Period.ofDays(amount));
      case "h" -> time.plus(Duration.ofHours(amount));
      case "m" -> time.plus(Duration.ofMinutes(amount));
      default -> time.plus(Duration.ofSeconds(amount));
    };
  }
}

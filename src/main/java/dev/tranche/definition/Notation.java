package dev.tranche.definition;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.springframework.scheduling.support.CronExpression;

/** How a single value is written. */
enum Notation {
  TEXT("a text"),
  /** A text that must not change from run to run: no placeholders. */
  FIXED("a text"),
  /** The same, of something. */
  NAME("a name"),
  /** SpEL; its parameters are variables, not placeholders. */
  EXPRESSION("an expression"),
  /** Placeholders are pasted only where they cannot change the meaning. */
  SQL("an SQL statement"),
  CRON("a cron expression with six fields, seconds first, such as '0 15 2 * * *'"),
  PATTERN("a regular expression"),
  WHOLE_NUMBER("a whole number"),
  NUMBER("a number"),
  BYTES("a size such as 512KB, 64MB or 1GB"),
  SHARE("a percentage such as 1%, from 0% to 100%"),
  TRUTH("true or false"),
  DURATION("a duration with its unit, such as 200ms, 30s, 2m, 1h or 1d"),
  CHARACTER("a single character"),
  CHARSET("a charset such as UTF-8 or windows-1252"),
  ZONE("a time zone such as UTC or Europe/Berlin");

  private static final Pattern SIZE = Pattern.compile("(\\d+) ?(|B|KB|MB|GB|TB)");
  private static final Pattern SPAN = Pattern.compile("(\\d+) ?(ms|s|m|h|d)");
  private static final Pattern PERCENTAGE = Pattern.compile("(\\d+(\\.\\d+)?) ?%");
  private static final Pattern INTEGER = Pattern.compile("[-+]?\\d+|0x\\p{XDigit}+|0o[0-7]+");

  private final String words;

  Notation(String words) {
    this.words = words;
  }

  /** What it is, in words that follow "must be". */
  String words() {
    return words;
  }

  /** Whether quotes around the value make it something else. */
  boolean bare() {
    return this == WHOLE_NUMBER || this == NUMBER || this == TRUTH;
  }

  /** How values of {@code type} are written; {@code declared} is what the component says. */
  static Notation of(Class<?> type, Notation declared) {
    if (declared != TEXT || type == String.class) {
      return declared;
    }
    return switch (type.getSimpleName()) {
      case "int", "Integer", "long", "Long" -> WHOLE_NUMBER;
      case "BigDecimal" -> NUMBER;
      case "boolean", "Boolean" -> TRUTH;
      case "Duration" -> DURATION;
      case "char" -> CHARACTER;
      case "Charset" -> CHARSET;
      case "ZoneId" -> ZONE;
      default -> throw new IllegalStateException("no notation for " + type);
    };
  }

  /**
   * The value that {@code text} stands for.
   *
   * @throws IllegalArgumentException if it stands for none; its message, if there is one, is a
   *     sentence with a hint
   */
  Object parse(String text) {
    return switch (this) {
      case TEXT, FIXED, NAME, EXPRESSION, SQL -> text;
      case CRON -> cron(text);
      case PATTERN -> pattern(text);
      case WHOLE_NUMBER -> wholeNumber(text);
      case NUMBER -> new BigDecimal(text);
      case BYTES -> bytes(text);
      case SHARE -> share(text);
      case TRUTH -> truth(text);
      case DURATION -> duration(text);
      case CHARACTER -> character(text);
      case CHARSET -> charset(text);
      case ZONE -> zone(text);
    };
  }

  private static String cron(String text) {
    if (!text.startsWith("@") && text.trim().split("\\s+").length == 5) {
      throw new IllegalArgumentException("Put the seconds first: '0 " + text.trim() + "'.");
    }
    try {
      CronExpression.parse(text);
      return text;
    } catch (IllegalArgumentException e) {
      String found = String.valueOf(e.getMessage()).replaceFirst(" in cron expression.*", "");
      throw new IllegalArgumentException(sentence(found), e);
    }
  }

  private static String pattern(String text) {
    try {
      Pattern.compile(text);
      return text;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          sentence(e.getDescription() + " near index " + e.getIndex()), e);
    }
  }

  private static Long wholeNumber(String text) {
    if (!INTEGER.matcher(text).matches()) {
      throw new IllegalArgumentException("");
    }
    try {
      if (text.startsWith("0x")) {
        return Long.parseLong(text.substring(2), 16);
      }
      return text.startsWith("0o") ? Long.parseLong(text.substring(2), 8) : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("It is too large.", e);
    }
  }

  private static Long bytes(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new IllegalArgumentException("");
    }
    int power = switch (size.group(2)) {
      case "KB" -> 1;
      case "MB" -> 2;
      case "GB" -> 3;
      case "TB" -> 4;
      default -> 0;
    };
    try {
      return Math.multiplyExact(Long.parseLong(size.group(1)), 1L << 10 * power);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("It is too large.", e);
    }
  }

  private static Double share(String text) {
    Matcher percentage = PERCENTAGE.matcher(text);
    if (!percentage.matches()) {
      throw new IllegalArgumentException("");
    }
    BigDecimal share = new BigDecimal(percentage.group(1)).movePointLeft(2);
    if (share.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException("");
    }
    return share.doubleValue();
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      default -> throw new IllegalArgumentException("");
    };
  }

  private static Duration duration(String text) {
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      throw new IllegalArgumentException("");
    }
    try {
      long amount = Long.parseLong(span.group(1));
      return switch (span.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("It is too long.", e);
    }
  }

  private static Character character(String text) {
    if (text.equals("\\t")) {
      throw new IllegalArgumentException("For a tab write \"\\t\", in double quotes.");
    }
    if (text.length() != 1) {
      throw new IllegalArgumentException("");
    }
    return text.charAt(0);
  }

  private static Charset charset(String text) {
    try {
      return Charset.forName(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          Nearest.hint(text, Charset.availableCharsets().keySet()).strip(), e);
    }
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          Nearest.hint(text, ZoneId.getAvailableZoneIds()).strip(), e);
    }
  }

  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}

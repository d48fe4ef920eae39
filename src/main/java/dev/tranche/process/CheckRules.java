package dev.tranche.process;

import dev.tranche.definition.ProcessDefinition.Constraints;
import dev.tranche.definition.ProcessDefinition.Size;
import dev.tranche.process.ColumnCheck.Rule;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Conversions;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Turns the constraints of a column into rules for its type. */
final class CheckRules {

  private static final BigDecimal LEAST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal GREATEST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private final Column column;
  private final Constraints constraints;
  private final Consumer<String> problems;
  private final List<Rule> rules = new ArrayList<>();

  /** @param problems is told of constraints that do not go with the column's type */
  CheckRules(Column column, Constraints constraints, Consumer<String> problems) {
    this.column = column;
    this.constraints = constraints;
    this.problems = problems;
  }

  ColumnCheck compile(int index) {
    boolean notBlank = Boolean.TRUE.equals(constraints.notBlank());
    if (notBlank && isText("not-blank")) {
      rules.add(new Rule(value -> !((String) value).isBlank(), "not be blank"));
    }
    addBounds(constraints.min(), constraints.max());
    addSize(constraints.size());
    addPattern(constraints.pattern());
    addIn(constraints.in());
    return new ColumnCheck(
        column, index, notBlank || Boolean.TRUE.equals(constraints.notNull()), rules);
  }

  private boolean isText(String constraint) {
    return fits(constraint, "a string", column.type() == ColumnType.STRING);
  }

  private boolean isNumber(String constraint) {
    boolean number = switch (column.type()) {
      case LONG, DECIMAL, DOUBLE -> true;
      default -> false;
    };
    return fits(constraint, "a number", number);
  }

  private boolean fits(String constraint, String wanted, boolean fits) {
    if (!fits) {
      String type = column.type().name().toLowerCase(Locale.ROOT);
      problems.accept("'%s' needs %s, and column '%s' is a %s."
          .formatted(constraint, wanted, column.name(), type));
    }
    return fits;
  }

  private void addBounds(@Nullable BigDecimal min, @Nullable BigDecimal max) {
    if (min != null && isNumber("min")) {
      rules.add(new Rule(atLeast(min), "be at least " + min.toPlainString()));
    }
    if (max != null && isNumber("max")) {
      rules.add(new Rule(atMost(max), "be at most " + max.toPlainString()));
    }
  }

  private Predicate<Object> atLeast(BigDecimal min) {
    return switch (column.type()) {
      case LONG -> {
        BigDecimal whole = min.setScale(0, RoundingMode.CEILING);
        long bound = whole.max(LEAST_LONG).min(GREATEST_LONG).longValue();
        boolean reachable = whole.compareTo(GREATEST_LONG) <= 0;
        yield value -> reachable && (Long) value >= bound;
      }
      case DOUBLE -> {
        double bound = min.doubleValue();
        yield value -> (Double) value >= bound;
      }
      default -> value -> ((BigDecimal) value).compareTo(min) >= 0;
    };
  }

  private Predicate<Object> atMost(BigDecimal max) {
    return switch (column.type()) {
      case LONG -> {
        BigDecimal whole = max.setScale(0, RoundingMode.FLOOR);
        long bound = whole.max(LEAST_LONG).min(GREATEST_LONG).longValue();
        boolean reachable = whole.compareTo(LEAST_LONG) >= 0;
        yield value -> reachable && (Long) value <= bound;
      }
      case DOUBLE -> {
        double bound = max.doubleValue();
        yield value -> (Double) value <= bound;
      }
      default -> value -> ((BigDecimal) value).compareTo(max) <= 0;
    };
  }

  private void addSize(@Nullable Size size) {
    if (size == null || !isText("size")) {
      return;
    }
    int min = Objects.requireNonNullElse(size.min(), 0);
    int max = Objects.requireNonNullElse(size.max(), Integer.MAX_VALUE);
    String must;
    if (size.max() == null) {
      must = "have at least " + min + " characters";
    } else {
      must = size.min() == null ? "have at most " + max : "have " + min + " to " + max;
      must += " characters";
    }
    rules.add(new Rule(value -> hasLength((String) value, min, max), must));
  }

  private static boolean hasLength(String text, int min, int max) {
    int length = text.codePointCount(0, text.length());
    return length >= min && length <= max;
  }

  private void addPattern(@Nullable String pattern) {
    if (pattern == null || !isText("pattern")) {
      return;
    }
    try {
      Pattern compiled = Pattern.compile(pattern);
      rules.add(new Rule(value -> compiled.matcher((String) value).matches(), "match " + pattern));
    } catch (PatternSyntaxException e) {
      problems.accept("'pattern' of column '%s' is no regular expression: %s, in \"%s\"."
          .formatted(column.name(), e.getDescription(), pattern));
    }
  }

  private void addIn(@Nullable List<String> in) {
    if (in == null) {
      return;
    }
    List<Object> values = new ArrayList<>();
    for (String text : in) {
      try {
        values.add(Objects.requireNonNull(Conversions.convert(text, column.type())));
      } catch (IllegalArgumentException e) {
        problems.accept("'in' of column '" + column.name() + "': " + e.getMessage() + ".");
      }
    }
    rules.add(new Rule(value -> contains(values, value), "be one of " + String.join(", ", in)));
  }

  private static boolean contains(List<Object> values, Object value) {
    if (value instanceof BigDecimal number) {
      return values.stream().anyMatch(each -> number.compareTo((BigDecimal) each) == 0);
    }
    if (value instanceof OffsetDateTime moment) {
      return values.stream().anyMatch(each -> moment.isEqual((OffsetDateTime) each));
    }
    return values.contains(value);
  }
}

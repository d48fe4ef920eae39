package dev.tranche.process;

import dev.tranche.row.ColumnType;
import dev.tranche.row.Conversions;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.MethodExecutor;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.TypedValue;

/**
 * The methods that expressions may call: {@code place.toUpperCase()}. There are no others; none is
 * found by reflection, and none depends on the machine's language.
 */
final class Functions implements MethodResolver {

  /**
   * A method.
   *
   * @param on the type it is called on
   * @param body takes the value it is called on and the arguments, of the parameters' types
   */
  record Function(
      ColumnType on,
      String name,
      List<ColumnType> parameters,
      ColumnType result,
      BiFunction<Object, Object[], Object> body) {}

  private static final ColumnType TEXT = ColumnType.STRING;
  private static final ColumnType NUMBER = ColumnType.LONG;
  private static final ColumnType TRUTH = ColumnType.BOOLEAN;

  private static final List<Function> ALL = Stream.of(
          questions(), texts(), numbers(), moments(), everywhere())
      .flatMap(List::stream)
      .toList();

  /** The methods of that name on values of type {@code on}; on any type for null. */
  static List<Function> named(@Nullable ColumnType on, String name) {
    return ALL.stream()
        .filter(function -> function.name.equals(name) && (on == null || function.on == on))
        .toList();
  }

  /** The names of the methods on values of type {@code on}; on any type for null. */
  static List<String> names(@Nullable ColumnType on) {
    return ALL.stream()
        .filter(function -> on == null || function.on == on)
        .map(Function::name)
        .distinct()
        .sorted()
        .toList();
  }

  private static List<Function> questions() {
    return List.of(
        text("length", NUMBER, (text, a) -> (long) text.length()),
        text("isEmpty", TRUTH, (text, a) -> text.isEmpty()),
        text("isBlank", TRUTH, (text, a) -> text.isBlank()),
        text("contains", TRUTH, (text, a) -> text.contains(string(a, 0)), TEXT),
        text("startsWith", TRUTH, (text, a) -> text.startsWith(string(a, 0)), TEXT),
        text("endsWith", TRUTH, (text, a) -> text.endsWith(string(a, 0)), TEXT),
        text("equalsIgnoreCase", TRUTH, (text, a) -> text.equalsIgnoreCase(string(a, 0)), TEXT),
        text("indexOf", NUMBER, (text, a) -> (long) text.indexOf(string(a, 0)), TEXT),
        text("lastIndexOf", NUMBER, (text, a) -> (long) text.lastIndexOf(string(a, 0)), TEXT));
  }

  private static List<Function> texts() {
    return List.of(
        text("trim", TEXT, (text, a) -> text.trim()),
        text("strip", TEXT, (text, a) -> text.strip()),
        text("toUpperCase", TEXT, (text, a) -> text.toUpperCase(Locale.ROOT)),
        text("toLowerCase", TEXT, (text, a) -> text.toLowerCase(Locale.ROOT)),
        text("concat", TEXT, (text, a) -> text.concat(string(a, 0)), TEXT),
        text("substring", TEXT, (text, a) -> text.substring(integer(a, 0)), NUMBER),
        text(
            "substring",
            TEXT,
            (text, a) -> text.substring(integer(a, 0), integer(a, 1)),
            NUMBER,
            NUMBER),
        text("replace", TEXT, (text, a) -> text.replace(string(a, 0), string(a, 1)), TEXT, TEXT),
        text(
            "replaceAll",
            TEXT,
            (text, a) -> text.replaceAll(string(a, 0), string(a, 1)),
            TEXT,
            TEXT));
  }

  private static List<Function> numbers() {
    return List.of(
        new Function(NUMBER, "abs", List.of(), NUMBER, (n, a) -> Math.absExact((Long) n)),
        new Function(
            ColumnType.DOUBLE, "abs", List.of(), ColumnType.DOUBLE, (n, a) -> Math.abs((Double) n)),
        decimal("abs", (number, a) -> number.abs()),
        decimal(
            "round", (number, a) -> number.setScale(integer(a, 0), RoundingMode.HALF_UP), NUMBER));
  }

  private static List<Function> moments() {
    return List.of(
        new Function(
            ColumnType.TIMESTAMP,
            "date",
            List.of(),
            ColumnType.DATE,
            (time, a) -> utc(time).toLocalDate()),
        new Function(
            ColumnType.TIMESTAMP,
            "time",
            List.of(),
            ColumnType.TIME,
            (time, a) -> utc(time).toLocalTime()),
        new Function(
            ColumnType.TIMESTAMP,
            "plusDays",
            List.of(NUMBER),
            ColumnType.TIMESTAMP,
            (time, a) -> ((OffsetDateTime) time).plusDays((Long) a[0])),
        new Function(
            ColumnType.TIMESTAMP,
            "plusSeconds",
            List.of(NUMBER),
            ColumnType.TIMESTAMP,
            (time, a) -> ((OffsetDateTime) time).plusSeconds((Long) a[0])),
        new Function(
            ColumnType.DATE,
            "plusDays",
            List.of(NUMBER),
            ColumnType.DATE,
            (day, a) -> ((LocalDate) day).plusDays((Long) a[0])),
        new Function(
            ColumnType.DATE,
            "plusMonths",
            List.of(NUMBER),
            ColumnType.DATE,
            (day, a) -> ((LocalDate) day).plusMonths((Long) a[0])));
  }

  private static List<Function> everywhere() {
    return Stream.of(ColumnType.values())
        .map(type -> new Function(
            type,
            "toString",
            List.of(),
            TEXT,
            (value, a) -> Objects.requireNonNull(Conversions.convert(value, TEXT))))
        .toList();
  }

  private static Function text(
      String name,
      ColumnType result,
      BiFunction<String, Object[], Object> body,
      ColumnType... parameters) {
    return new Function(
        TEXT, name, List.of(parameters), result, (text, a) -> body.apply((String) text, a));
  }

  private static Function decimal(
      String name, BiFunction<BigDecimal, Object[], Object> body, ColumnType... parameters) {
    return new Function(
        ColumnType.DECIMAL,
        name,
        List.of(parameters),
        ColumnType.DECIMAL,
        (number, a) -> body.apply((BigDecimal) number, a));
  }

  private static String string(Object[] arguments, int index) {
    return (String) arguments[index];
  }

  private static int integer(Object[] arguments, int index) {
    return Math.toIntExact((Long) arguments[index]);
  }

  private static OffsetDateTime utc(Object time) {
    return ((OffsetDateTime) time).withOffsetSameInstant(ZoneOffset.UTC);
  }

  @Override
  public @Nullable MethodExecutor resolve(
      EvaluationContext context,
      Object target,
      String name,
      List<@Nullable TypeDescriptor> argumentTypes) {
    if (target instanceof List<?> && name.equals("contains") && argumentTypes.size() == 1) {
      return (c, list, arguments) -> new TypedValue(contains(c, (List<?>) list, arguments[0]));
    }
    Function function = find(target, name, argumentTypes.size());
    return function == null
        ? null
        : (c, value, arguments) -> new TypedValue(call(function, value, arguments));
  }

  /** The method of that name that a value has; null if there is none. */
  static @Nullable Function find(Object target, String name, int arguments) {
    for (Function function : ALL) {
      if (function.name.equals(name)
          && function.on == typeOf(target)
          && function.parameters.size() == arguments) {
        return function;
      }
    }
    return null;
  }

  /** @throws IllegalArgumentException if an argument is null, or cannot be what it must be */
  static Object call(
      Function function, @Nullable Object target, @Nullable Object[] arguments) {
    List<Object> converted = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      Object argument = Conversions.convert(arguments[i], function.parameters.get(i));
      if (argument == null) {
        throw new IllegalArgumentException("an argument of " + function.name + "() is null");
      }
      converted.add(argument);
    }
    Object value = Conversions.convert(target, function.on);
    return function.body.apply(Objects.requireNonNull(value), converted.toArray());
  }

  private static boolean contains(
      EvaluationContext context, List<?> list, @Nullable Object wanted) {
    return list.stream()
        .anyMatch(each -> context.getTypeComparator().canCompare(each, wanted)
            && context.getTypeComparator().compare(each, wanted) == 0);
  }

  /** The type whose methods a value has; literals of other number classes count as LONG. */
  private static @Nullable ColumnType typeOf(Object value) {
    return value instanceof Integer
        ? NUMBER
        : Arrays.stream(ColumnType.values())
            .filter(type -> type.javaType() == value.getClass())
            .findFirst()
            .orElse(null);
  }
}

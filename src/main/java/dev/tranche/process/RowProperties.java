package dev.tranche.process;

import dev.tranche.row.Row;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypedValue;

/** Reads {@code column} of a row, and {@code time.year} and the like of dates and times. */
final class RowProperties implements PropertyAccessor {

  /** The parts of dates and times, by the names users give them. */
  static final Map<String, ChronoField> PARTS = Map.of(
      "year", ChronoField.YEAR,
      "month", ChronoField.MONTH_OF_YEAR,
      "day", ChronoField.DAY_OF_MONTH,
      "dayOfWeek", ChronoField.DAY_OF_WEEK,
      "dayOfYear", ChronoField.DAY_OF_YEAR,
      "hour", ChronoField.HOUR_OF_DAY,
      "minute", ChronoField.MINUTE_OF_HOUR,
      "second", ChronoField.SECOND_OF_MINUTE);

  private static final Class<?>[] TARGETS = {
    Row.class, OffsetDateTime.class, LocalDate.class, LocalTime.class
  };

  @Override
  public Class<?>[] getSpecificTargetClasses() {
    return TARGETS.clone();
  }

  @Override
  public boolean canRead(EvaluationContext context, @Nullable Object target, String name) {
    if (target instanceof Row row) {
      return row.columns().indexOf(name) >= 0;
    }
    ChronoField part = PARTS.get(name);
    return part != null && target instanceof TemporalAccessor moment && moment.isSupported(part);
  }

  @Override
  public TypedValue read(EvaluationContext context, @Nullable Object target, String name) {
    if (target instanceof Row row) {
      return new TypedValue(row.get(name));
    }
    ChronoField part = PARTS.get(name);
    if (part != null && target instanceof TemporalAccessor moment) {
      return new TypedValue(moment.getLong(part));
    }
    throw new IllegalArgumentException("there is no '" + name + "'");
  }

  @Override
  public boolean canWrite(EvaluationContext context, @Nullable Object target, String name) {
    return false;
  }

  @Override
  public void write(
      EvaluationContext context, @Nullable Object target, String name, @Nullable Object value) {
    throw new UnsupportedOperationException("expressions cannot write");
  }
}

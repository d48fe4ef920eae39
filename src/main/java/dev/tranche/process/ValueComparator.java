package dev.tranche.process;

import dev.tranche.row.ColumnType;
import dev.tranche.row.Conversions;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.TypeComparator;
import org.springframework.expression.spel.support.StandardTypeComparator;

/**
 * Compares numbers of all kinds, moments by the instant, and dates, times and UUIDs also with
 * texts: {@code time >= '2020-01-01'}.
 */
final class ValueComparator implements TypeComparator {

  private final TypeComparator standard = new StandardTypeComparator();

  @Override
  public boolean canCompare(@Nullable Object left, @Nullable Object right) {
    return standard.canCompare(left, right) || typeOf(left) != null || typeOf(right) != null;
  }

  @Override
  public int compare(@Nullable Object left, @Nullable Object right) {
    Object first = left instanceof String ? like(right, left) : left;
    Object second = right instanceof String ? like(left, right) : right;
    if (first instanceof OffsetDateTime one && second instanceof OffsetDateTime two) {
      return one.toInstant().compareTo(two.toInstant());
    }
    return standard.compare(first, second);
  }

  private static @Nullable Object like(@Nullable Object example, @Nullable Object text) {
    ColumnType type = typeOf(example);
    return type == null ? text : Conversions.convert(text, type);
  }

  /** The type of a value that texts are turned into before comparing; null: they are not. */
  private static @Nullable ColumnType typeOf(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    for (ColumnType type : ColumnType.values()) {
      if (type.javaType() == value.getClass()) {
        return switch (type) {
          case DATE, TIME, TIMESTAMP, UUID -> type;
          default -> null;
        };
      }
    }
    return null;
  }
}

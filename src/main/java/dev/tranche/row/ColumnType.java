package dev.tranche.row;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.UUID;

/** The type of a column, as users write it in lower case, and the Java type of its values. */
public enum ColumnType {
  STRING(String.class),
  LONG(Long.class),
  DECIMAL(BigDecimal.class),
  DOUBLE(Double.class),
  BOOLEAN(Boolean.class),
  DATE(LocalDate.class),
  TIME(LocalTime.class),
  /** An instant with its offset; text without an offset is taken as UTC. */
  TIMESTAMP(OffsetDateTime.class),
  UUID(UUID.class);

  private final Class<?> javaType;

  ColumnType(Class<?> javaType) {
    this.javaType = javaType;
  }

  /** The class of every value of this type that is not null. */
  public Class<?> javaType() {
    return javaType;
  }
}

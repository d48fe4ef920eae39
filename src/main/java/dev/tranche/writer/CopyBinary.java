package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * COPY's binary format: the server then reads no numbers and no dates, which is a third of its work.
 *
 * <p>What comes out in the table is what {@link CopyText} gives, to the last digit: also a fraction
 * of a second is rounded as the server rounds it. The layout of the values is that of the server's
 * receive functions, which has not changed since version 8.0.
 */
final class CopyBinary extends CopyEncoder {

  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int END = -1;
  private static final int NULL = -1;

  private static final long EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
  private static final long EPOCH_SECOND = EPOCH_DAY * 86_400;
  private static final long MICROS = 1_000_000;

  /** Digits that a numeric has at most, before the point and behind it. */
  private static final long MOST_DIGITS = 131_072;
  private static final int MOST_SCALE = 16_383;

  /** Types that are sent so, as INFORMATION_SCHEMA names them, with the bits of whole numbers. */
  private static final Map<String, Integer> TYPES = Map.ofEntries(
      Map.entry("smallint", 16),
      Map.entry("integer", 32),
      Map.entry("bigint", 64),
      Map.entry("numeric", 0),
      Map.entry("double precision", 0),
      Map.entry("boolean", 0),
      Map.entry("date", 0),
      Map.entry("time without time zone", 0),
      Map.entry("timestamp without time zone", 0),
      Map.entry("timestamp with time zone", 0),
      Map.entry("uuid", 0),
      Map.entry("text", 0),
      Map.entry("character varying", 0),
      Map.entry("character", 0));

  private final TextBytes text = new TextBytes(StandardCharsets.UTF_8);
  private final Bytes digits = new Bytes();

  /** Of whole numbers, by column. */
  private final int[] bits;

  CopyBinary(RowBinding binding) {
    super(binding);
    this.bits = new int[columns.length];
    for (int c = 0; c < columns.length; c++) {
      bits[c] = TYPES.getOrDefault(columns[c].column().type(), 0);
    }
  }

  /** Whether all columns are of types that are sent so. */
  static boolean takes(RowBinding binding) {
    return binding.columns().stream().allMatch(bound -> TYPES.containsKey(bound.column().type()));
  }

  @Override
  void begin(Bytes into) {
    into.put(HEADER);
  }

  @Override
  void end(Bytes into) {
    into.int2(END);
  }

  @Override
  void beginRow(Bytes into) {
    into.int2(columns.length);
  }

  @Override
  void none(Bytes into) {
    into.int4(NULL);
  }

  @Override
  void text(int c, byte[] bytes, int from, int to, Bytes into) {
    switch (columns[c].type()) {
      case LONG -> whole(c, longOf(bytes, from, to), into);
      case DECIMAL -> into.numeric(bytes, from, to);
      case DATE -> date(columns[c], LocalDate.of(
          (int) longOf(bytes, from, from + 4),
          (int) longOf(bytes, from + 5, from + 7),
          (int) longOf(bytes, from + 8, to)), into);
      default -> {
        into.int4(to - from);
        into.put(bytes, from, to);
      }
    }
  }

  /** Of at most 18 digits, with a minus or without. */
  private static long longOf(byte[] bytes, int from, int to) {
    boolean negative = bytes[from] == '-';
    long value = 0;
    for (int i = negative ? from + 1 : from; i < to; i++) {
      value = 10 * value + bytes[i] - '0';
    }
    return negative ? -value : value;
  }

  @Override
  void value(int c, Object value, Bytes into) {
    BoundColumn column = columns[c];
    switch (column.column().kind()) {
      case INTEGER -> whole(c, (Long) value, into);
      case DECIMAL -> decimal(column, (BigDecimal) value, into);
      case DATE -> date(column, (LocalDate) value, into);
      case TIME -> {
        LocalTime time = (LocalTime) value;
        into.int4(Long.BYTES);
        into.int8(time.toSecondOfDay() * MICROS + micros(time));
      }
      case LOCAL_TIMESTAMP -> moment(column, (LocalDateTime) value, into);
      case TIMESTAMP -> moment(
          column,
          ((OffsetDateTime) value).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime(),
          into);
      case DOUBLE -> {
        into.int4(Long.BYTES);
        into.int8(Double.doubleToLongBits((Double) value));
      }
      case BOOLEAN -> {
        into.int4(1);
        into.put((Boolean) value ? 1 : 0);
      }
      case UUID -> {
        UUID id = (UUID) value;
        into.int4(2 * Long.BYTES);
        into.int8(id.getMostSignificantBits());
        into.int8(id.getLeastSignificantBits());
      }
      case TEXT, BINARY, OTHER -> text(column, (String) value, into);
    }
  }

  private void whole(int c, long value, Bytes into) {
    switch (bits[c]) {
      case 64 -> {
        into.int4(Long.BYTES);
        into.int8(value);
      }
      case 32 -> {
        if (value != (int) value) {
          throw Blame.tooLarge(value, columns[c]);
        }
        into.int4(Integer.BYTES);
        into.int4((int) value);
      }
      default -> {
        if (value != (short) value) {
          throw Blame.tooLarge(value, columns[c]);
        }
        into.int4(Short.BYTES);
        into.int2((int) value);
      }
    }
  }

  private void decimal(BoundColumn column, BigDecimal value, Bytes into) {
    long before = (long) value.precision() - value.scale();
    requireRange(column, before <= MOST_DIGITS && value.scale() <= MOST_SCALE, value);
    digits.clear();
    digits.plain(value.scale() < 0 ? value.setScale(0) : value);
    into.numeric(digits.array(), 0, digits.length());
  }

  private static void date(BoundColumn column, LocalDate day, Bytes into) {
    into.int4(Integer.BYTES);
    if (PostgresTexts.isInfinite(day)) {
      into.int4(day.getYear() > 0 ? Integer.MAX_VALUE : Integer.MIN_VALUE);
      return;
    }
    long days = day.toEpochDay() - EPOCH_DAY;
    requireRange(column, Math.abs(days) < Integer.MAX_VALUE, day);
    into.int4((int) days);
  }

  private static void moment(BoundColumn column, LocalDateTime time, Bytes into) {
    into.int4(Long.BYTES);
    if (PostgresTexts.isInfinite(time.toLocalDate())) {
      into.int8(time.getYear() > 0 ? Long.MAX_VALUE : Long.MIN_VALUE);
      return;
    }
    long seconds = time.toEpochSecond(ZoneOffset.UTC) - EPOCH_SECOND;
    // One day less, so that no fraction reaches what stands for infinity.
    requireRange(column, Math.abs(seconds) < Long.MAX_VALUE / MICROS - 86_400, time);
    into.int8(seconds * MICROS + micros(time.toLocalTime()));
  }

  /** The fraction of a second as the server makes it of its digits: by way of a double. */
  private static long micros(LocalTime time) {
    return (long) Math.rint(time.getNano() / 1e9 * MICROS);
  }

  private void text(BoundColumn column, String value, Bytes into) {
    int start = into.reserve(Integer.BYTES);
    try {
      text.put(value, into);
    } catch (IllegalArgumentException unmappable) {
      throw column.unmappable(unmappable);
    }
    into.int4At(start, into.length() - start - Integer.BYTES);
  }

  private static void requireRange(BoundColumn column, boolean fits, @Nullable Object value) {
    if (!fits) {
      throw outOfRange(column, value);
    }
  }

  private static ItemError outOfRange(BoundColumn column, @Nullable Object value) {
    return column.unfit("'" + value + "' is out of its range", null);
  }
}

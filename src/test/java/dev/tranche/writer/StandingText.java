package dev.tranche.writer;

import dev.tranche.row.RowText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/** One column, whose value stands in the input as it is usual. */
record StandingText(@Nullable Object value, byte[] bytes) implements RowText {

  static StandingText of(@Nullable Object value) {
    String text = value instanceof BigDecimal number ? number.toPlainString() : "" + value;
    return new StandingText(value, ("<" + text + ">").getBytes(StandardCharsets.UTF_8));
  }

  /** Values that may stand in the input. */
  static Arbitrary<Object> values() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(value -> (Object) value),
        Arbitraries.longs()
            .between(-999_999_999_999_999_999L, 999_999_999_999_999_999L)
            .flatMap(digits -> Arbitraries.integers()
                .between(0, 17)
                .map(scale -> (Object) BigDecimal.valueOf(digits, scale))),
        Arbitraries.strings().ascii().ofMaxLength(20).map(value -> (Object) value),
        Arbitraries.of("a\\b", "\t", "\r\n", "é€🌋", "\\N", "\\.", "7").map(value -> (Object) value),
        Arbitraries.integers()
            .between(0, 3_650_000)
            .map(day -> (Object) LocalDate.of(1, 1, 1).plusDays(day)));
  }

  @Override
  public boolean has(int column) {
    return value != null;
  }

  @Override
  public byte[] bytes(int column) {
    return bytes;
  }

  @Override
  public int start(int column) {
    return 1;
  }

  @Override
  public int end(int column) {
    return bytes.length - 1;
  }

  @Override
  public @Nullable Object value(int column) {
    return value;
  }
}

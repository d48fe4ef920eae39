package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Conversions;
import dev.tranche.row.Row;
import dev.tranche.row.RowText;
import dev.tranche.writer.TableColumn.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** What COPY is sent of a text in the input is what it is sent of the value. */
class CopyTextTest {

  @Property(tries = 3000)
  void sendsTheSame(@ForAll("values") Object value, @ForAll Kind kind) {
    ColumnType type = typeOf(value);
    if (takes(kind, value)) {
      Columns columns = new Columns(List.of(new Column("c", type)));
      Row standing = new Row(columns, StandingText.of(value));
      assertThat(encoded(standing, type, kind)).isEqualTo(encoded(standing.detached(), type, kind));
      assertThat(binary(standing, type, kind)).isEqualTo(binary(standing.detached(), type, kind));
    }
  }

  @Property
  void sendsNothingAsNothing(@ForAll Kind kind, @ForAll ColumnType type) {
    Row standing = new Row(new Columns(List.of(new Column("c", type))), StandingText.of(null));
    assertThat(encoded(standing, type, kind)).isEqualTo("\\N\n");
  }

  @Property
  void writesAnyDecimalExactly(
      @ForAll @BigRange(min = "-9999999999999999999999", max = "9999999999999999999999") BigInteger digits,
      @ForAll @IntRange(min = -30, max = 40) int scale) {
    BigDecimal value = new BigDecimal(digits, scale);
    Row row = new Row(
        new Columns(List.of(new Column("c", ColumnType.DECIMAL))), new Object[] {value});
    String written = encoded(row, ColumnType.DECIMAL, Kind.DECIMAL).strip();
    assertThat(new BigDecimal(written)).isEqualTo(value);
  }

  private static boolean takes(Kind kind, Object value) {
    try {
      return Conversions.convert(value, kind.takes()) != null;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }

  private static ColumnType typeOf(Object value) {
    for (ColumnType type : ColumnType.values()) {
      if (type.javaType().isInstance(value)) {
        return type;
      }
    }
    throw new AssertionError(value);
  }

  private static String encoded(Row row, ColumnType type, Kind kind) {
    Bytes bytes = new Bytes();
    new CopyText(binding(type, kind)).encode(row, bytes);
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  private static byte[] binary(Row row, ColumnType type, Kind kind) {
    Bytes bytes = new Bytes();
    new CopyBinary(binding(type, kind)).encode(row, bytes);
    return bytes.toArray();
  }

  private static RowBinding binding(ColumnType type, Kind kind) {
    TableColumn column = new TableColumn("c", kind, "bigint", "any", 0, true);
    BoundColumn bound = new BoundColumn(0, "c", type, column);
    return new RowBinding(null, Mode.INSERT, List.of(bound), List.of());
  }

  @Provide
  Arbitrary<Object> values() {
    return StandingText.values();
  }
}

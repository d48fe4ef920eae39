package dev.tranche.writer;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A statement of {@link PostgresSql}: its parameters are arrays, one for each column. */
final class ArraysStatement extends PreparedRowStatement {

  private final Connection connection;
  private final RowBinding binding;

  ArraysStatement(Connection connection, PreparedStatement statement, RowBinding binding) {
    super(statement);
    this.connection = connection;
    this.binding = binding;
  }

  @Override
  public void write(BoundRows rows) throws SQLException {
    for (int i = 0; i < binding.columns().size(); i++) {
      TableColumn.Kind kind = binding.columns().get(i).column().kind();
      @Nullable Object[] values = array(kind, rows.column(i));
      Array array = connection.createArrayOf(PostgresSql.arrayType(kind), values);
      statement.setArray(i + 1, array);
    }
    statement.executeUpdate();
  }

  /** The driver sends arrays of these classes without going through texts, where it can. */
  private static @Nullable Object[] array(TableColumn.Kind kind, @Nullable Object[] values) {
    int size = values.length;
    return switch (kind) {
      case TEXT, BINARY, OTHER -> Arrays.copyOf(values, size, String[].class);
      case INTEGER -> Arrays.copyOf(values, size, Long[].class);
      case DECIMAL -> Arrays.copyOf(values, size, BigDecimal[].class);
      case DOUBLE -> Arrays.copyOf(values, size, Double[].class);
      case BOOLEAN -> Arrays.copyOf(values, size, Boolean[].class);
      case UUID -> Arrays.copyOf(values, size, UUID[].class);
      case DATE -> texts(values, value -> PostgresTexts.date((LocalDate) value));
      case TIME -> texts(values, Object::toString);
      case TIMESTAMP -> texts(values, value -> PostgresTexts.moment((OffsetDateTime) value));
      case LOCAL_TIMESTAMP -> texts(values, value -> PostgresTexts.time((LocalDateTime) value));
    };
  }

  private static @Nullable String[] texts(
      @Nullable Object[] values, Function<Object, String> toText) {
    @Nullable String[] texts = new @Nullable String[values.length];
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      texts[i] = value == null ? null : toText.apply(value);
    }
    return texts;
  }
}

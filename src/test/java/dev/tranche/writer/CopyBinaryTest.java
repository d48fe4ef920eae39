package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ItemError;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Platform;
import dev.tranche.testing.Postgres;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.core.BaseConnection;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What the server reads of the binary format is what it reads of the text. */
class CopyBinaryTest {

  private static Postgres postgres;

  private Connection connection;
  private JdbcTemplate sql;

  @BeforeAll
  static void start() {
    postgres = Postgres.database();
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void freshTables() throws Exception {
    connection = postgres.dataSource().getConnection();
    sql = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
    sql.execute("drop schema public cascade; create schema public");
  }

  /** A type of a table's column, and values for it. */
  private record Case(String type, ColumnType rows, List<? extends @Nullable Object> values) {

    @Override
    public String toString() {
      return type;
    }
  }

  static Stream<Case> cases() {
    Random random = new Random(11);
    List<Long> longs = random.longs(300).map(n -> n >> random.nextInt(64)).boxed().toList();
    return Stream.of(
        new Case("smallint", ColumnType.LONG, List.of(0L, -1L, 32767L, -32768L)),
        new Case("integer", ColumnType.LONG, List.of(0L, -1L, 2147483647L, -2147483648L)),
        new Case("bigint", ColumnType.LONG, with(longs, List.of(0L, Long.MIN_VALUE, Long.MAX_VALUE))),
        new Case("numeric", ColumnType.DECIMAL, decimals(random)),
        new Case("numeric(12,3)", ColumnType.DECIMAL, List.of(
            new BigDecimal("999999999.9994"), new BigDecimal("-0.0005"), new BigDecimal("0.0015"))),
        new Case("double precision", ColumnType.DOUBLE, with(
            random.longs(200).mapToObj(Double::longBitsToDouble).toList(),
            List.of(0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE))),
        new Case("boolean", ColumnType.BOOLEAN, List.of(true, false)),
        new Case("date", ColumnType.DATE, dates(random)),
        new Case("time", ColumnType.TIME, times(random)),
        new Case("time(3)", ColumnType.TIME, times(random)),
        new Case("timestamp", ColumnType.TIMESTAMP, moments(random)),
        new Case("timestamp(0)", ColumnType.TIMESTAMP, moments(random)),
        new Case("timestamp with time zone", ColumnType.TIMESTAMP, moments(random)),
        new Case("uuid", ColumnType.UUID, List.of(new UUID(0, 0), new UUID(-1, -1), new UUID(7, -7))),
        new Case("text", ColumnType.STRING, List.of("", "\\N", "\\.", "é€🌋", "\t\r\n\\\b", "x".repeat(70_000))),
        new Case("varchar(3)", ColumnType.STRING, List.of("", "é€🌋", "ab      ")),
        new Case("char(4)", ColumnType.STRING, List.of("", "a ", "é€🌋")));
  }

  private static <T> List<T> with(List<T> some, List<T> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static List<BigDecimal> decimals(Random random) {
    return with(
        IntStream.range(0, 2000)
            .mapToObj(i -> new BigDecimal(
                new BigInteger(random.nextInt(200), random).multiply(
                    BigInteger.TEN.pow(random.nextInt(12))),
                random.nextInt(60) - 20))
            .map(value -> random.nextBoolean() ? value : value.negate())
            .toList(),
        Stream.of("0.00", "1E+5", "1E-40", "1E+131071", "1E-16383").map(BigDecimal::new).toList());
  }

  private static List<LocalDate> dates(Random random) {
    return with(
        IntStream.range(0, 500)
            .mapToObj(i -> LocalDate.ofEpochDay(random.nextInt(4_000_000) - 2_400_000))
            .toList(),
        List.of(LocalDate.of(-4712, 1, 1), LocalDate.of(0, 2, 29), LocalDate.of(5874897, 12, 31), LocalDate.MIN, LocalDate.MAX));
  }

  /** With halves of microseconds among them. */
  private static List<LocalTime> times(Random random) {
    return with(
        IntStream.range(0, 1000)
            .mapToObj(i -> LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L) / 500 * 500))
            .toList(),
        List.of(LocalTime.MIN, LocalTime.MAX, LocalTime.of(23, 59, 59, 999_999_500)));
  }

  private static List<OffsetDateTime> moments(Random random) {
    return with(
        times(random).stream()
            .map(time -> LocalDate.ofEpochDay(random.nextInt(4_000_000) - 2_400_000)
                .atTime(time)
                .atOffset(ZoneOffset.ofTotalSeconds(60 * (random.nextInt(2000) - 1000))))
            .toList(),
        List.of(
            LocalDate.MIN.atTime(LocalTime.MIN).atOffset(ZoneOffset.UTC),
            LocalDate.MAX.atTime(LocalTime.MAX).atOffset(ZoneOffset.UTC),
            OffsetDateTime.parse("-4712-01-01T00:00:00Z"),
            OffsetDateTime.parse("+294276-12-31T23:59:59.999999Z")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesWhatTheTextGives(Case each) throws Exception {
    sql.execute("create table a (n bigint, c " + each.type() + ")");
    sql.execute("create table b (n bigint, c " + each.type() + ")");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < each.values().size(); i++) {
      rows.add(row(each.rows(), (long) i, each.values().get(i)));
    }
    rows.add(row(each.rows(), (long) rows.size(), null));

    assertThat(CopyBinary.takes(binding("a", each.rows()))).isTrue();
    copy("a", each.rows(), rows, new CopyText(binding("a", each.rows())), "");
    copy("b", each.rows(), rows, new CopyBinary(binding("b", each.rows())), " (format binary)");

    assertThat(sql.queryForList("select a.n, a.c::text as of_text, b.c::text as of_binary from a full"
            + " join b using (n) where a.c::text is distinct from b.c::text"))
        .isEmpty();
    assertThat(sql.queryForObject("select count(*) from b", Integer.class)).isEqualTo(rows.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "numeric | DECIMAL | 1E+131072 | '1E+131072' is out of its range",
        "numeric | DECIMAL | 1E+2147483647 | '1E+2147483647' is out of its range",
        "numeric | DECIMAL | 1E-16384 | '1E-16384' is out of its range",
        "date | DATE | +999999998-12-31 | '+999999998-12-31' is out of its range",
        "timestamp | TIMESTAMP | +999999998-12-31T00:00Z | '+999999998-12-31T00:00' is out of its range",
      })
  void refusesWhatTheColumnCannotHold(String type, ColumnType rows, String value, String why)
      throws Exception {
    sql.execute("create table a (n bigint, c " + type + ")");
    Object given = dev.tranche.row.Conversions.convert(value, rows);
    CopyBinary encoder = new CopyBinary(binding("a", rows));
    String known = type.equals("timestamp") ? "timestamp without time zone" : type;
    assertThatThrownBy(() -> encoder.encode(row(rows, 1L, given), new Bytes()))
        .isInstanceOf(ItemError.class)
        .hasMessage("column 'c' goes into a column of type " + known + ", and " + why);
  }

  @ParameterizedTest
  @CsvSource({
    "smallint, 32768, -32768 to 32767",
    "smallint, -32769, -32768 to 32767",
    "integer, -2147483649, -2147483648 to 2147483647",
  })
  void saysWhatWholeNumbersTheColumnCanHold(String type, long value, String range)
      throws Exception {
    sql.execute("create table a (n bigint, c " + type + ")");
    CopyBinary encoder = new CopyBinary(binding("a", ColumnType.LONG));
    assertThatThrownBy(() -> encoder.encode(row(ColumnType.LONG, 1L, value), new Bytes()))
        .isInstanceOf(ItemError.class)
        .hasMessage("column 'c' is " + value + "; the table takes " + range);
  }

  @Test
  void leavesOtherTypesToText() throws Exception {
    sql.execute("create table a (n bigint, c jsonb)");
    assertThat(CopyEncoder.of(binding("a", ColumnType.STRING))).isInstanceOf(CopyText.class);
    sql.execute("create table b (n bigint, c real)");
    assertThat(CopyEncoder.of(binding("b", ColumnType.DOUBLE))).isInstanceOf(CopyText.class);
  }

  /** Who knows the base type sends it so. */
  @Test
  void sendsDomainsAsTheirBaseType() throws Exception {
    sql.execute("create domain small as integer check (value < 10)");
    sql.execute("create table a (n bigint, c small)");
    RowBinding binding = binding("a", ColumnType.LONG);
    List<Row> rows = List.of(row(ColumnType.LONG, 1L, 9L));
    copy("a", ColumnType.LONG, rows, CopyEncoder.of(binding), CopyEncoder.options(binding));
    assertThat(sql.queryForObject("select c from a", Integer.class)).isEqualTo(9);
    assertThat(CopyEncoder.options(binding)).isEqualTo(" (format binary)");
  }

  private static Row row(ColumnType type, long n, @Nullable Object value) {
    return new Row(columns(type), new @Nullable Object[] {n, value});
  }

  private static Columns columns(ColumnType type) {
    return new Columns(List.of(new Column("n", ColumnType.LONG), new Column("c", type)));
  }

  private RowBinding binding(String table, ColumnType type) throws Exception {
    JdbcTable found = Objects.requireNonNull(
        new Catalog(connection, Platform.POSTGRESQL).find(TableName.of(table), new ArrayList<>()));
    Jdbc definition = new Jdbc(null, table, Jdbc.Mode.INSERT, List.of(), false, Map.of());
    return RowBinding.of(found, columns(type), definition, new ArrayList<>());
  }

  private void copy(
      String table, ColumnType type, List<Row> rows, CopyEncoder encoder, String options)
      throws Exception {
    Bytes bytes = new Bytes();
    encoder.begin(bytes);
    rows.forEach(row -> encoder.encode(row, bytes));
    encoder.end(bytes);
    var copy = connection.unwrap(BaseConnection.class).getCopyAPI()
        .copyIn("copy " + table + " (n, c) from stdin" + options);
    copy.writeToCopy(bytes.array(), 0, bytes.length());
    copy.endCopy();
  }
}

package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.insert;
import static dev.tranche.writer.TargetFixture.insertInto;
import static dev.tranche.writer.TargetFixture.load;
import static dev.tranche.writer.TargetFixture.row;
import static dev.tranche.writer.TargetFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.WriteException;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Database;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What MariaDB would change, or merge, or keep of a failed chunk, without a word. */
class MariaDbWritingTest {

  private TestDatabase databases;
  private TargetFixture world;

  @BeforeEach
  void open() {
    databases = new TestDatabase(Kind.MARIADB);
    world = new TargetFixture(databases);
  }

  @AfterEach
  void close() throws Exception {
    databases.close();
  }

  // -- values --

  private static Row value(Columns columns, String type, String text) {
    Object value = switch (type) {
      case "decimal" -> new BigDecimal(text);
      case "double" -> Double.valueOf(text);
      case "date" -> LocalDate.parse(text);
      case "timestamp" -> OffsetDateTime.parse(text);
      default -> text;
    };
    return row(columns, value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock = """
      double    | NaN                         | is NaN, which MariaDB cannot store
      double    | -Infinity                   | is -Infinity, which MariaDB cannot store
      date      | +20000-02-29                | is in the year 20000; MariaDB has years from 1 to 9999
      date      | 0000-01-01                  | is in the year 0; MariaDB has years from 1 to 9999
      timestamp | -0043-03-15T12:00:00Z       | is in the year -43; MariaDB has years from 1 to 9999
      timestamp | 9999-12-31T23:30:00-01:00   | is in the year 10000; MariaDB has years from 1 to 9999
      decimal   | 1e-31                       | has more than 30 digits behind the point; decimal(65,30) cannot hold them
      """)
  void refusesWhatACreatedColumnCannotHold(String type, String text, String message) {
    Columns columns = columns("a:" + type);
    assertThatThrownBy(() -> load(world, insertInto("t"), columns, value(columns, type, text)))
        .isInstanceOf(WriteException.class)
        .hasMessage("column 'a' " + message);
    assertThat(world.count("t")).isZero();
  }

  @Test
  void refusesANumberWithMoreDigitsThanAnyColumnHas() {
    Columns columns = columns("a:decimal");
    BigDecimal large = new BigDecimal("1" + "0".repeat(35));
    assertThatThrownBy(() -> load(world, insertInto("t"), columns, row(columns, large)))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining("Out of range value for column 'a'");
    assertThat(world.count("t")).isZero();
  }

  @Test
  void keepsAMomentWhateverTheZonesOfSessionAndServer() throws Exception {
    world.sql.execute("create table t (k int primary key, moment timestamp(6) null, utc datetime(6))");
    Columns columns = columns("k:long", "moment:timestamp", "utc:timestamp");
    // Twice on the clocks of Berlin, and not at all.
    OffsetDateTime twice = OffsetDateTime.parse("2025-10-26T01:30:00.123456Z");
    OffsetDateTime never = OffsetDateTime.parse("2025-03-30T02:30:00Z");
    world.sql.execute("set global time_zone = '-07:00'");
    try {
      load(world, insert("t"), columns, row(columns, 1L, twice, twice), row(columns, 2L, never, never));
    } finally {
      world.sql.execute("set global time_zone = 'SYSTEM'");
    }
    assertThat(world.sql.queryForList(
            "select cast(unix_timestamp(moment) as char) from t order by k", String.class))
        .containsExactly("1761442200.123456", "1743301800.000000");
    assertThat(world.sql.queryForList("select cast(utc as char) from t order by k", String.class))
        .containsExactly("2025-10-26 01:30:00.123456", "2025-03-30 02:30:00.000000");
  }

  @Test
  void givesItsSessionBackAsItCame() throws Exception {
    String settings = "select concat_ws(' ', @@time_zone, @@sql_mode, @@tx_isolation)";
    try (Connection only = world.database.dataSource().getConnection()) {
      world.sql.execute("create table t (k int primary key)");
      String before = setting(only, settings);
      Columns one = columns("k:long");
      Columns other = columns("k:decimal");
      JdbcWriting writing = new JdbcWriting(insert("t"), new Database("target",
          new SingleConnectionDataSource(only, true)), null, null);
      writing.prepare();
      load(world, writing, row(one, 1L), row(other, BigDecimal.TEN));
      assertThat(setting(only, settings)).isEqualTo(before);
    }
    assertThat(world.count("t")).isEqualTo(2);
  }

  private static String setting(Connection connection, String sql) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void takesAZeroForAZeroAndNothingForTheNextNumber() throws Exception {
    world.sql.execute("create table t (k bigint auto_increment primary key)");
    Columns columns = columns("k:long");
    load(world, insert("t"), columns, row(columns, 0L), row(columns, new Object[] {null}));
    assertThat(world.sql.queryForList("select k from t order by k", Long.class))
        .containsExactly(0L, 1L);
  }

  @Test
  void doesNotTakeThePresentMomentForAMissingOne() {
    world.sql.execute("create table t (moment timestamp not null)");
    Columns columns = columns("moment:timestamp");
    assertThatThrownBy(() -> load(world, insert("t"), columns, row(columns, new Object[] {null})))
        .isInstanceOf(WriteException.class)
        .hasMessage("column 'moment' has no value; the table needs one");
  }

  @Test
  void writesTypesOfItsOwn() throws Exception {
    world.sql.execute("create table t (flag tinyint(1), small tinyint(1), yes bit(1), bits bit(8),"
        + " mood enum('good', 'bad'), doc json, y year, raw varbinary(9), c char(5), ip inet6)");
    Columns columns = columns("flag:boolean", "small:long", "yes:boolean", "bits:long",
        "mood:string", "doc:string", "y:long", "raw:string", "c:string", "ip:string");
    load(world, insert("t"), columns,
        row(columns, true, 5L, true, 200L, "bad", "{\"a\": 1}", 2024L, "\u20ac", "abc", "::1"));
    assertThat(world.sql.queryForObject("select concat_ws(' ', flag, small, yes + 0, bits + 0, mood,"
            + " json_value(doc, '$.a'), y, hex(raw), c, ip) from t", String.class))
        .isEqualTo("1 5 1 200 bad 1 2024 E282AC abc ::1");
    assertThatThrownBy(() -> load(world, insert("t"), columns("mood:string"),
            row(columns("mood:string"), "so-so")))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining("Data truncated for column 'mood'");
  }

  /** The driver makes a session strict by itself, unless it is told not to. */
  @ParameterizedTest
  @ValueSource(strings = {"STRICT_TRANS_TABLES", "", "ANSI_QUOTES", "ORACLE"})
  void refusesATextThatIsTooLongInAnySqlMode(String mode) throws Exception {
    world.sql.execute("create table t (name varchar(3))");
    TestDatabase.Address address = databases.address("target");
    String url = address.url()
        + "?jdbcCompliantTruncation=false&sessionVariables=sql_mode='" + mode + "'";
    Database careless = new Database(
        "target", new DriverManagerDataSource(url, address.username(), address.password()));
    Columns columns = columns("name:string");
    JdbcWriting writing = new JdbcWriting(insert("t"), careless, columns, null);
    writing.prepare();
    assertThatThrownBy(() -> load(world, writing, row(columns, "much too long")))
        .isInstanceOf(WriteException.class)
        .hasMessageStartingWith("column 'name' has 13 characters; the table takes 3 at most");
    assertThat(world.count("t")).isZero();
  }

  // -- keys --

  @Test
  void tellsKeysApartThatDifferInCaseOrSpacesOnly() throws Exception {
    Columns columns = columns("k:string", "n:long");
    load(world, new Jdbc("target", "t", Jdbc.Mode.UPSERT, List.of("k"), true, Map.of()), columns,
        row(columns, "a", 1L), row(columns, "A", 2L), row(columns, "a ", 3L), row(columns, "\u00e4", 4L));
    assertThat(world.count("t")).isEqualTo(4);
  }

  @Test
  void refusesToUpsertWhereAnotherKeyMightMatch() {
    world.sql.execute("create table t (id bigint primary key, code varchar(9), n int,"
        + " unique key by_code (code))");
    assertThatThrownBy(() -> load(world, upsert("t", "id"), columns("id:long", "code:string")))
        .isInstanceOf(UnfitTableException.class)
        .hasMessage("table 't' has another unique key, 'by_code' on (code): upsert on MariaDB would"
            + " also update a row that is equal only there. Drop that key, or use mode: insert");
  }

  @Test
  void upsertsBesideKeysThatCannotMatchByThemselves() throws Exception {
    world.sql.execute("create table t (id bigint auto_increment primary key, code varchar(9), n int,"
        + " unique (code), unique (n, code))");
    Columns columns = columns("code:string", "n:long");
    load(world, upsert("t", "code"), columns, row(columns, "a", 1L), row(columns, "b", 2L));
    load(world, upsert("t", "code"), columns, row(columns, "b", 3L));
    assertThat(world.sql.queryForList("select concat(code, n) from t order by 1", String.class))
        .containsExactly("a1", "b3");
  }

  @Test
  void refusesAKeyOnTheBeginningOfAText() {
    world.sql.execute("create table t (code varchar(99), unique (code(3)))");
    assertThatThrownBy(() -> load(world, upsert("t", "code"), columns("code:string")))
        .isInstanceOf(UnfitTableException.class)
        .hasMessageStartingWith("table 't' has no primary key or unique index on exactly (code)");
  }

  @Test
  void upsertsRowsThatAreNothingButTheirKey() throws Exception {
    Columns columns = columns("a:long", "b:string");
    Jdbc definition = new Jdbc("target", "t", Jdbc.Mode.UPSERT, List.of("a", "b"), true, Map.of());
    load(world, definition, columns, row(columns, 1L, "x"), row(columns, 1L, "y"));
    load(world, definition, columns, row(columns, 1L, "x"));
    assertThat(world.count("t")).isEqualTo(2);
  }

  // -- tables --

  @ParameterizedTest
  @CsvSource({"MyISAM", "Aria", "MEMORY"})
  void refusesATableWithoutTransactions(String engine) {
    world.sql.execute("create table Plain (a int) engine = " + engine);
    String schema = world.sql.queryForObject("select database()", String.class);
    assertThatThrownBy(() -> load(world, insert("plain"), columns("a:long")))
        .isInstanceOf(UnfitTableException.class)
        .hasMessage("table 'Plain' is kept by " + engine + ", which has no transactions: what a"
            + " failed chunk wrote would stay. Use: alter table `" + schema + "`.`Plain` engine ="
            + " InnoDB");
  }

  @Test
  void refusesAView() {
    world.sql.execute("create table t (a int)");
    world.sql.execute("create view v as select * from t");
    assertThatThrownBy(() -> load(world, insertInto("v"), columns("a:long")))
        .isInstanceOf(UnfitTableException.class)
        .hasMessage("'v' is a view, and whether the tables behind it have transactions cannot be"
            + " seen on MariaDB. Write into the table itself");
  }

  @Test
  void tellsTablesApartThatDifferInCaseOnly() throws Exception {
    world.sql.execute("create table t (a int)");
    world.sql.execute("create table T (b int)");
    Columns columns = columns("b:long");
    load(world, insert("T"), columns, row(columns, 1L));
    assertThat(world.count("T")).isEqualTo(1);
    assertThat(world.count("t")).isZero();
  }
}

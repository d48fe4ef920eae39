package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tables with a column of every type, read and written again by a job in every mode, in every form
 * of its statements: the copy is equal to the original, extremes and nulls included.
 */
class TypesRoundTripTest {

  private static final String POSTGRES =
      """
      create type mood as enum ('sad', 'so, so');
      create table original (
        k bigint primary key, small smallint, whole integer, exact numeric, cut numeric(38,10),
        single real, twice double precision, flag boolean, born date, clock time, plain timestamp,
        moment timestamptz, u uuid, name varchar(20), padded char(4), big text, doc json,
        docb jsonb, words text[], numbers int[], raw bytea, span interval, there timetz, feel mood,
        host inet);
      insert into original (k) values (1);
      insert into original values (
        -9223372036854775808, -32768, -2147483648, -1e-300, -9999999999999999999999999999.9999999999,
        '-Infinity', -1e-300, false, '4713-01-01 BC', '00:00', '4713-01-01 00:00 BC',
        '4713-01-02 00:00+00 BC', '00000000-0000-0000-0000-000000000000', '', '', '', '{}', '{}',
        '{}', '{}', '\\x', '-178000000 years', '00:00+15:59', 'sad', '0.0.0.0/0');
      insert into original values (
        2, 0, 0, 0, 0, '-0', 'NaN', true, '-infinity', '12:34:56.789', '-infinity', '-infinity',
        '01234567-89ab-cdef-0123-456789abcdef', '\\N', 'a', E'\\\\.\\t\\r\\n\\b\\x01', 'null', '"x"',
        '{NULL,"a, \\"b\\" \\\\ c",""}', '{{1,NULL},{3,4}}', '\\x00ff5c0a0d09', '1 mon -1 day 00:00:01',
        '12:00+00', 'so, so', '::1');
      insert into original values (
        3, 0, 0, 0, 0, 1, 1, true, '0044-03-15 BC', '12:34', '0001-12-31 23:59:59.5 BC',
        '0044-03-15 12:00+00 BC', null, 'a', 'a', 'a', '{}', '{}', '{}', '{}', '\\xff', '0', '0:00+0',
        null, null);
      insert into original values (
        9223372036854775807, 32767, 2147483647, 12345678901234567890123456789012345678901234567890.5,
        9999999999999999999999999999.9999999999, 3.4028235e38, 1.7976931348623157e308, true,
        'infinity', '23:59:59.999999', 'infinity', 'infinity',
        'ffffffff-ffff-ffff-ffff-ffffffffffff', '€🌋''"\\{}NULL', 'abcd', repeat('€🌋', 10000),
        '[1, null, {"a": "\\n"}]', '[1, null, {"a": "\\n"}]', '{€,🌋}', '{-2147483648,2147483647}',
        decode(repeat('00ff', 5000), 'hex'), '178000000 years', '23:59:59.999999-15:59', null,
        'ffff::/16');
      insert into original (k, born, plain, moment) values
        (4, '5874897-12-31', '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999+00'),
        (5, '9999-12-31', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+00'),
        (6, '10000-01-01', '10000-01-01 00:00', '10000-01-01 00:00+14');
      """;

  private static final String MARIADB =
      """
      create table original (
        k bigint primary key, tiny tinyint, small smallint, medium mediumint, whole int,
        huge bigint unsigned, exact decimal(65,30), single float, twice double, flag boolean,
        single_bit bit(1), bits bit(64), born date, clock time(6), plain datetime(6),
        moment timestamp(6) null, years year, u uuid, name varchar(20), padded char(4), big longtext,
        doc json, bytes4 binary(4), raw varbinary(300), blobs longblob, feel enum('sad', 'so, so'),
        feels set('a', 'b'), host inet6) character set utf8mb4;
      insert into original (k) values (1);
      insert into original values (
        -9223372036854775808, -128, -32768, -8388608, -2147483648, 0,
        -99999999999999999999999999999999999.999999999999999999999999999999, -3.4e38, -1e-300, false,
        b'0', 0, '0001-01-01', '00:00', '0001-01-01 00:00', '1970-01-02 00:00', 1901,
        '00000000-0000-0000-0000-000000000000', '', '', '', '{}', '', '', '', 'sad', '', '::');
      insert into original values (
        9223372036854775807, 127, 32767, 8388607, 2147483647, 18446744073709551615,
        99999999999999999999999999999999999.999999999999999999999999999999, 3.4e38, 1.7e308, true,
        b'1', 9223372036854775807, '9999-12-31', '23:59:59.999999', '9999-12-31 23:59:59.999999',
        '2038-01-18 23:59:59.999999', 2155, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '€🌋''"\\\\',
        'abcd', repeat('€🌋', 10000), '[1, null]', x'00ff0a5c', x'00ff5c0a0d09', repeat(x'00ff', 5000),
        'so, so', 'a,b', 'ffff::1');
      """;

  private static final String H2 =
      """
      create table original (
        k bigint primary key, tiny tinyint, small smallint, whole integer, exact numeric(38,10),
        loose decfloat, single real, twice double precision, flag boolean, born date, clock time(9),
        plain timestamp(9), moment timestamp(9) with time zone, u uuid, name varchar(20),
        padded char(4), big clob, doc json, bytes4 binary(4), raw varbinary(300), blobs blob,
        feel enum('sad', 'so, so'));
      insert into original (k) values (1);
      insert into original values (
        -9223372036854775808, -128, -32768, -2147483648, -9999999999999999999999999999.9999999999,
        -1e-300, '-Infinity', -1e-300, false, '-0044-03-15', '00:00', '-0043-03-15 12:00:00',
        '-0043-03-15 12:00:00+00', '00000000-0000-0000-0000-000000000000', '', '', '', json '{}',
        x'00000000', x'', x'', 'sad');
      insert into original values (
        9223372036854775807, 127, 32767, 2147483647, 9999999999999999999999999999.9999999999,
        12345678901234567890.5, 3.4e38, 'NaN', true, '20000-02-29', '23:59:59.999999999',
        '9999-12-31 23:59:59.999999999', '9999-12-31 23:59:59.999999999+00',
        'ffffffff-ffff-ffff-ffff-ffffffffffff', '€🌋''"\\', 'abcd', repeat('€🌋', 10000),
        json '[1,null,"\\n"]', x'00ff0a5c', x'00ff5c0a0d09', repeat(x'00ff', 5000), 'so, so');
      """;

  @EveryDatabase
  void copiesAreEqualInEveryMode(TestDatabase databases) throws Exception {
    String tables = switch (databases.kind()) {
      case POSTGRESQL -> POSTGRES;
      case MARIADB -> MARIADB;
      case H2_FILE, H2_MEMORY -> H2;
    };
    try (databases;
        World world = new World(databases)) {
      for (String statement : tables.split(";\n")) {
        world.sql().sql(statement).update();
      }
      world.sql().sql(copy(databases.kind())).update();
      List<List<@Nullable String>> original = rows(world, databases.kind(), "original");

      int jobs = 0;
      for (String form : List.of("insert", "upsert, key: [k]", "update, key: [k]", "replace")) {
        for (int chunk : new int[] {2, 10_000}) {
          if (form.equals("replace") && databases.kind() == Kind.MARIADB) {
            continue;
          }
          world.sql().sql("delete from duplicate").update();
          if (form.startsWith("update")) {
            world.sql().sql("insert into duplicate (k) select k from original").update();
          }
          world.job("copy" + ++jobs, job(form, chunk));

          ExecutionView execution = world.run("copy" + jobs);

          assertThat(execution.failures()).as("%s by %d", form, chunk).isEmpty();
          assertThat(rows(world, databases.kind(), "duplicate"))
              .as("%s by %d", form, chunk)
              .isEqualTo(original);
        }
      }
    }
  }

  private static String copy(Kind kind) {
    return kind == Kind.H2_FILE || kind == Kind.H2_MEMORY
        ? H2.substring(0, H2.indexOf(';')).replace("original", "duplicate")
        : "create table duplicate "
            + (kind == Kind.POSTGRESQL ? "(like original including all)" : "like original");
  }

  private static String job(String form, int chunk) {
    return """
        steps:
          - name: copy
            read: { type: jdbc, table: original }
            chunk: { size: %d }
            write: { type: jdbc, table: duplicate, mode: %s }
        """
        .formatted(chunk, form);
  }

  /** As texts, which PostgreSQL makes itself: its driver makes other ones as it likes. */
  private static List<List<@Nullable String>> rows(World world, Kind kind, String table) {
    String columns = kind == Kind.POSTGRESQL ? "cast(t as text)" : "*";
    return world.sql()
        .sql("select " + columns + " from " + table + " t order by k")
        .query(
            (row, number) -> {
              List<@Nullable String> values = new ArrayList<>();
              for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                values.add(shown(row, i));
              }
              return values;
            })
        .list();
  }

  private static @Nullable String shown(ResultSet row, int index) throws SQLException {
    String text = switch (row.getMetaData().getColumnType(index)) {
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> {
        byte[] bytes = row.getBytes(index);
        yield bytes == null ? null : HexFormat.of().formatHex(bytes);
      }
      default -> row.getString(index);
    };
    return row.getMetaData().getColumnName(index).toLowerCase() + "=" + text;
  }
}

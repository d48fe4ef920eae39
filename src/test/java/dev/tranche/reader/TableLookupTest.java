package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.OutageException;
import dev.tranche.definition.ProcessDefinition.LookedUp;
import dev.tranche.definition.ProcessDefinition.LookedUp.Cache;
import dev.tranche.definition.ProcessDefinition.LookedUp.Missing;
import dev.tranche.partition.InputException;
import dev.tranche.row.ColumnType;
import dev.tranche.store.Database;
import dev.tranche.testing.CountingDataSource;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tables that rows are looked up in, read as a whole and key by key. */
class TableLookupTest {

  @EveryDatabase
  void findsTheSameRowsWithEitherCacheOnEveryDatabase(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = databases.empty("source");
      boolean maria = databases.kind() == TestDatabase.Kind.MARIADB;
      String moment = maria ? "datetime(6)" : "timestamp(6) with time zone";
      JdbcClient sql = JdbcClient.create(database.dataSource());
      sql.sql("create table rates (code varchar(10), weight decimal(10, 3), since " + moment
              + ", tag char(4), rate integer)")
          .update();
      for (int i = 0; i < 2; i++) {
        sql.sql("insert into rates values (?, 1.500, '2026-01-31 12:00:00', 'a', ?)")
            .params(i == 0 ? "abc" : "ABC", i)
            .update();
      }
      sql.sql("insert into rates values (null, 1.5, '2026-01-31 12:00:00', 'a', 7)").update();
      sql.sql("insert into rates values ('two', 1, '2026-01-31 12:00:00', 'a', 8)").update();
      sql.sql("insert into rates values ('two', 1.0, '2026-01-31 12:00:00', 'a', 9)").update();
      sql.sql("insert into rates values ('none', 1, '2026-01-31 12:00:00', 'a', null)").update();
      OffsetDateTime noon =
          (OffsetDateTime)
              LookupRows.find(lookup("rates", keys(), Map.of("s", "since"), Cache.ALL, 9), database)
                  .some(1)
                  .get(0)
                  .values()[0];
      for (Cache cache : Cache.values()) {
        TableLookup table =
            TableLookup.find(
                lookup("rates", keys(), Map.of("r", "rate"), cache, 9), database, 2, null);
        table.prepare();

        assertThat(table.columns().get(0).type()).isEqualTo(ColumnType.LONG);
        OffsetDateTime elsewhere = noon.withOffsetSameInstant(java.time.ZoneOffset.ofHours(9));
        assertThat(found(table, "abc", "1.5", noon, "a")).as("%s", cache).containsExactly(0L);
        assertThat(found(table, "ABC", "1.50000", elsewhere, "a   ")).containsExactly(1L);
        assertThat(found(table, "Abc", "1.5", noon, "a")).isNull();
        assertThat(found(table, "abc ", "1.5", noon, "a")).isNull();
        assertThat(found(table, "abc", "1.501", noon, "a")).isNull();
        assertThat(found(table, "abc", "1.5", noon.plusNanos(1000), "a")).isNull();
        assertThat(found(table, "none", "1", noon, "a")).containsExactly((Object) null);
        assertThatThrownBy(() -> found(table, "two", "1", noon, "a"))
            .isInstanceOf(ItemError.class)
            .hasMessageStartingWith("table rates has more than one row with code = two, weight = 1,"
                + " since = ");
      }
    }
  }

  private static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    List.of("code", "weight", "since", "tag").forEach(name -> keys.put(name, name));
    return keys;
  }

  private static @Nullable Object @Nullable [] found(
      TableLookup table, String code, String weight, OffsetDateTime since, String tag)
      throws Exception {
    return table.find(new Object[] {code, new BigDecimal(weight), since, tag});
  }

  @EveryDatabase
  void asksOnceForATableOrForEachKeyThatItKeeps(TestDatabase databases) throws Exception {
    try (databases) {
      CountingDataSource counted = new CountingDataSource(databases.empty("s").dataSource());
      Database database = new Database("s", counted);
      create(counted, 3);

      TableLookup all = numbers(database, Cache.ALL, 3);
      counted.reset();
      all.prepare();
      for (long id = 0; id < 10; id++) {
        assertThat(all.find(new Object[] {id % 5}) == null).isEqualTo(id % 5 >= 3);
      }
      assertThat(counted.count("select")).isEqualTo(1);

      TableLookup byKey = numbers(database, Cache.BY_KEY, 3);
      counted.reset();
      byKey.prepare();
      for (long id : new long[] {0, 7, 0, 7, 1, 1, 7}) {
        byKey.find(new Object[] {id});
      }
      assertThat(counted.count("select")).as("one for each key").isEqualTo(3);
      byKey.find(new Object[] {2L}); // 0 is what was longest not asked for
      byKey.find(new Object[] {7L});
      assertThat(counted.count("select")).isEqualTo(4);
      byKey.find(new Object[] {0L});
      assertThat(counted.count("select")).isEqualTo(5);
    }
  }

  @EveryDatabase
  void refusesWhatItCannotHoldOrFind(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = databases.empty("source");
      create(database.dataSource(), 3);

      assertThatThrownBy(() -> numbers(database, Cache.ALL, 2).prepare())
          .isInstanceOf(InputException.class)
          .hasMessage("table numbers, which rows are looked up in, has more than 2 rows. Set"
              + " 'lookup.limit' to more, or 'cache: by-key'");
      assertThatThrownBy(() -> TableLookup.find(
              lookup("numbers", Map.of("idd", "x"), Map.of("r", "rate"), Cache.ALL, 2), database, 1, null))
          .hasMessageStartingWith("table numbers has no column 'idd'. Did you mean ");
      TableLookup dropped = numbers(database, Cache.BY_KEY, 2);
      JdbcClient.create(database.dataSource()).sql("drop table numbers").update();
      assertThatThrownBy(() -> dropped.find(new Object[] {1L}))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("database 'source': ");
    }
  }

  @EveryDatabase
  void waitsForTheRowOfAKeyNoLongerThanItMay(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = databases.empty("source");
      create(database.dataSource(), 3);
      String endless = databases.kind() == TestDatabase.Kind.POSTGRESQL
          ? "select n + 0 id, 7 rate from generate_series(1, 1000000000000) n"
          : databases.kind() == TestDatabase.Kind.MARIADB
              ? "select seq + 0 id, 7 rate from seq_1_to_1000000000000"
              : "select x + 0 id, 7 rate from system_range(1, 1000000000000)";
      LookedUp lookup =
          new LookedUp(
              null,
              null,
              endless,
              Map.of("id", "x"),
              Map.of("r", "rate"),
              Missing.REJECT,
              Map.of(),
              Cache.BY_KEY,
              9);
      TableLookup table = TableLookup.find(lookup, database, 1, Duration.ofMillis(200));

      assertThatThrownBy(() -> table.find(new Object[] {-1L}))
          .isInstanceOf(OutageException.class)
          .hasMessageStartingWith("the query cannot be reached: database 'source': ");

      TableLookup other = numbers(database, Cache.BY_KEY, 2);
      assertThat(other.find(new Object[] {2L})).as("on the same connection").containsExactly(20L);
    }
  }

  /** An interrupt in the middle of H2's file access would close the database for everybody. */
  @Test
  void keepsInterruptsAwayFromTheDatabase() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_FILE)) {
      Database database = databases.empty("source");
      create(database.dataSource(), 100);
      TableLookup table = numbers(database, Cache.BY_KEY, 1);
      for (long id = 0; id < 100; id++) {
        Thread.currentThread().interrupt();
        try {
          assertThat(table.find(new Object[] {id})).as("an answer in no time").isNotNull();
        } catch (InterruptedException whileItWaited) {
          // The question goes on.
        } finally {
          Thread.interrupted();
        }
      }
      assertThat(table.find(new Object[] {5L})).containsExactly(50L);
    }
  }

  private static void create(javax.sql.DataSource source, int rows) {
    JdbcClient sql = JdbcClient.create(source);
    sql.sql("create table numbers (id bigint, rate integer)").update();
    for (int i = 0; i < rows; i++) {
      sql.sql("insert into numbers values (?, ?)").params(i, 10 * i).update();
    }
  }

  private static TableLookup numbers(Database database, Cache cache, int limit) {
    return TableLookup.find(
        lookup("numbers", Map.of("id", "x"), Map.of("r", "rate"), cache, limit), database, 1, null);
  }

  private static LookedUp lookup(
      String table, Map<String, String> key, Map<String, String> columns, Cache cache, int limit) {
    return new LookedUp(
        null, table, null, key, columns, Missing.REJECT, Map.of(), cache, limit);
  }
}

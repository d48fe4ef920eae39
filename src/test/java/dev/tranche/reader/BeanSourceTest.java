package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.partition.InputException;
import dev.tranche.row.Digest;
import dev.tranche.store.Position;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.batch.infrastructure.item.database.JdbcPagingItemReader;
import org.springframework.batch.infrastructure.item.database.Order;
import org.springframework.batch.infrastructure.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.batch.infrastructure.item.file.FlatFileItemReader;
import org.springframework.batch.infrastructure.item.file.builder.FlatFileItemReaderBuilder;
import org.springframework.batch.infrastructure.item.support.IteratorItemReader;
import org.springframework.core.io.ByteArrayResource;

class BeanSourceTest {

  private static final int ITEMS = 20;
  private static final DataSource DATABASE = database();

  /** Spring's own readers, each with the twenty items 1 to 20. */
  enum Reader {
    ITERATOR(() -> new IteratorItemReader<>(numbers())),
    FLAT_FILE(() -> flatFile(true)),
    FLAT_FILE_WITHOUT_STATE(() -> flatFile(false)),
    JDBC_PAGES(BeanSourceTest::jdbc);

    private final Supplier<ItemReader<?>> create;

    Reader(Supplier<ItemReader<?>> create) {
      this.create = create;
    }

    BeanSource source() {
      return new BeanSource("numbers", create.get(), true, Map.of());
    }
  }

  private static List<String> numbers() {
    return IntStream.rangeClosed(1, ITEMS).mapToObj(String::valueOf).toList();
  }

  private static FlatFileItemReader<String> flatFile(boolean saveState) {
    return new FlatFileItemReaderBuilder<String>()
        .name("numbers")
        .resource(new ByteArrayResource(String.join("\n", numbers()).getBytes()))
        .saveState(saveState)
        .lineMapper(BeanSourceTest::mapLine)
        .build();
  }

  private static String mapLine(String line, int number) {
    if (line.startsWith("x")) {
      throw new IllegalArgumentException("no number");
    }
    return line;
  }

  private static DataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:bean-source;DB_CLOSE_DELAY=-1");
    try (Connection connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table if not exists numbers as select x as id from system_range(1, "
          + ITEMS + ")");
    } catch (Exception error) {
      throw new AssertionError(error);
    }
    return database;
  }

  private static JdbcPagingItemReader<String> jdbc() {
    try {
      JdbcPagingItemReader<String> reader = new JdbcPagingItemReaderBuilder<String>()
          .name("numbers")
          .dataSource(DATABASE)
          .selectClause("id")
          .fromClause("numbers")
          .sortKeys(new LinkedHashMap<>(Map.of("id", Order.ASCENDING)))
          .pageSize(3)
          .rowMapper((row, index) -> row.getString(1))
          .build();
      reader.afterPropertiesSet();
      return reader;
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnAtThePlaceOfAnyItemWhateverTheChunks(Reader reader) throws Exception {
    for (int size : new int[] {1, 3, 7, 100}) {
      List<Position> positions = positions(reader, size);
      for (int i = 0; i < positions.size(); i++) {
        try (BeanSource source = reader.source()) {
          source.open(positions.get(i));
          assertThat(source.position().ordinal()).isEqualTo(i);
          assertThat(rest(source, 4)).isEqualTo(numbers().subList(i, ITEMS));
          assertThat(source.atEnd()).isTrue();
        }
      }
    }
  }

  private static List<Position> positions(Reader reader, int size) throws Exception {
    List<Position> positions = new ArrayList<>();
    try (BeanSource source = reader.source()) {
      source.open(null);
      positions.add(source.position());
      for (ReadChunk<Object> chunk; (chunk = source.read(size, null)) != null; ) {
        assertThat(chunk.position(0).isAt(positions.get(positions.size() - 1))).isTrue();
        for (int i = 1; i <= chunk.size(); i++) {
          positions.add(chunk.position(i));
        }
      }
    }
    assertThat(positions).hasSize(ITEMS + 1);
    return positions;
  }

  private static List<Object> rest(BeanSource source, int size) throws Exception {
    List<Object> items = new ArrayList<>();
    for (ReadChunk<Object> chunk; (chunk = source.read(size, null)) != null; ) {
      for (int i = 0; i < chunk.size(); i++) {
        items.add(chunk.item(i));
      }
    }
    return items;
  }

  /** Reading on from a kept state takes no more reads than there are items left. */
  @Test
  void opensAReaderInTheStateThatItKept() throws Exception {
    Counting reader = new Counting();
    try (BeanSource source = new BeanSource("counting", reader, false, Map.of())) {
      source.open(null);
      source.read(90, null);
      Position place = source.position();
      assertThat(place.key()).isEqualTo("0 {\"next\":{\"long\":\"90\"}}");
      reader.reads.set(0);

      source.open(place);

      assertThat(source.read(1, null).item(0)).isEqualTo(90L);
      assertThat(reader.reads).hasValue(1);
    }
    assertThat(reader.closed).isTrue();
  }

  /** Counts on from the state it is opened with, or from what the slice says. */
  private static final class Counting implements ItemStreamReader<Long> {
    private final AtomicInteger reads = new AtomicInteger();
    private long next;
    private boolean closed;

    @Override
    public void open(ExecutionContext context) {
      next = context.containsKey("next") ? context.getLong("next") : context.getLong("from", 0);
    }

    @Override
    public Long read() {
      reads.incrementAndGet();
      return next++;
    }

    @Override
    public void update(ExecutionContext context) {
      context.putLong("next", next);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void givesTheReaderWhatAPartitionerGaveAndKeepsItOutOfThePlace() throws Exception {
    try (BeanSource source =
        new BeanSource("counting", new Counting(), false, Map.of("from", 1000L))) {
      source.open(null);
      assertThat(source.read(2, null).item(0)).isEqualTo(1000L);
      assertThat(source.position().key()).isEqualTo("0 {\"next\":{\"long\":\"1002\"}}");
    }
  }

  @Test
  void isNotReadAheadUnlessItIsRepeatable() {
    assertThat(new BeanSource("r", () -> null, false, Map.of()).readsAhead()).isFalse();
    assertThat(new BeanSource("r", () -> null, true, Map.of()).readsAhead()).isTrue();
    assertThat(new BeanSource("r", () -> null, true, Map.of()).seeks()).isFalse();
  }

  @Test
  void namesTheKeyAndTheClassOfStateThatCannotBeKept() throws Exception {
    ItemStreamReader<String> reader = new ItemStreamReader<>() {
      @Override
      public String read() {
        return "x";
      }

      @Override
      public void update(ExecutionContext context) {
        context.put("cursor", new StringBuilder());
      }
    };
    try (BeanSource source = new BeanSource("orders", reader, false, Map.of())) {
      source.open(null);
      assertThatThrownBy(() -> source.read(5, null))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "reader 'orders' keeps 'cursor', a java.lang.StringBuilder, as its state. Only"
                  + " strings, numbers, booleans, dates and maps of those can be kept across a"
                  + " restart");
    }
  }

  @Test
  void setsAnItemAsideThatTheReaderCannotParse() throws Exception {
    FlatFileItemReader<String> reader = new FlatFileItemReaderBuilder<String>()
        .name("lines")
        .resource(new ByteArrayResource("1\nx2\n3\n".getBytes()))
        .lineMapper(BeanSourceTest::mapLine)
        .build();
    try (BeanSource source = new BeanSource("lines", reader, false, Map.of())) {
      source.open(null);
      ReadChunk<Object> chunk = source.read(5, null);

      assertThat(chunk.size()).isEqualTo(3);
      assertThat(chunk.item(0)).isEqualTo("1");
      assertThat(chunk.item(2)).isEqualTo("3");
      assertThatThrownBy(() -> chunk.item(1))
          .isInstanceOf(ItemError.class)
          .hasMessageEndingWith("input=[x2]: no number");
      assertThat(chunk.original(1)).isEqualTo("x2");
      assertThat(chunk.line(1)).isEqualTo(2);
      assertThat(chunk.source(1)).isEqualTo("lines");
      assertThat(chunk.offset(1)).isEqualTo(-1);
      assertThat(chunk.digest(0, 3)).isEqualTo(Digest.NONE);

      source.close();
      source.open(chunk.position(2));
      assertThat(rest(source, 5)).containsExactly("3");
    }
  }

  @Test
  void endsAtAnyOtherErrorOfTheReader() throws Exception {
    ItemReader<String> reader = () -> {
      throw new IllegalStateException("the queue is gone");
    };
    try (BeanSource source = new BeanSource("queue", reader, false, Map.of())) {
      source.open(null);
      assertThatThrownBy(() -> source.read(5, null))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the queue is gone");
    }
  }

  @Test
  void noticesAReaderThatDoesNotGiveItsItemsAgain() throws Exception {
    ItemReader<String> once = new IteratorItemReader<>(numbers().subList(0, 5));
    try (BeanSource source = new BeanSource("once", once, false, Map.of())) {
      source.open(null);
      source.read(4, null);
      assertThatThrownBy(() -> source.open(source.position()))
          .isInstanceOf(ItemError.class)
          .hasMessage(
              "reader 'once' gave only 1 of the 4 items before the place to go on at: it does not"
                  + " give the same items again");
    }
  }
}

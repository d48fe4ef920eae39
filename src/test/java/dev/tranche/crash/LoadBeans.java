package dev.tranche.crash;

import dev.tranche.row.Row;
import dev.tranche.writer.KeyedItemWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** A user's own writers, in the child. They know nothing of the laboratory. */
@Configuration(proxyBeanMethods = false)
class LoadBeans {

  /** Where {@link #calls} writes, below the child's directory. */
  static final String CALLS = "out/calls.log";

  private static final List<String> COLUMNS =
      List.of("id", "customer", "amount", "placed", "note", "worth");

  /** Calls something that knows no transactions, item by item, and takes its time. */
  @Bean
  KeyedItemWriter<Row> calls() throws IOException {
    Path log = Path.of(CALLS);
    Files.createDirectories(log.getParent());
    return new Calls(FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** Writes through the application's own data source. */
  @Bean
  ItemWriter<Row> rows(DataSource dataSource) {
    JdbcTemplate orders = new JdbcTemplate(dataSource);
    return chunk -> orders.batchUpdate(
        "insert into orders (id, customer, amount, placed, note, worth)"
            + " values (?, ?, ?, ?, ?, ?)",
        chunk.getItems().stream().map(LoadBeans::values).toList());
  }

  private static Object[] values(Row row) {
    return COLUMNS.stream().map(row::get).toArray();
  }

  record Calls(FileChannel log) implements KeyedItemWriter<Row>, AutoCloseable {

    private static final long NANOS_OF_A_CALL = 200_000;

    @Override
    public void write(Chunk<? extends Row> chunk, List<String> keys) throws IOException {
      for (int item = 0; item < keys.size(); item++) {
        LockSupport.parkNanos(NANOS_OF_A_CALL);
        String row = Stream.of(values(chunk.getItems().get(item)))
            .map(String::valueOf)
            .collect(Collectors.joining("|"));
        String call = keys.get(item) + '\t' + row.replace("\n", "\\n") + '\n';
        log.write(ByteBuffer.wrap(call.getBytes(StandardCharsets.UTF_8)));
      }
    }

    @Override
    public void close() throws IOException {
      log.close();
    }
  }
}

package dev.tranche.bench;

import dev.tranche.bench.StockExpert.Item;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.database.JdbcCursorItemReader;
import org.springframework.batch.infrastructure.item.database.builder.JdbcCursorItemReaderBuilder;
import org.springframework.batch.infrastructure.item.file.FlatFileItemReader;
import org.springframework.batch.infrastructure.item.file.FlatFileItemWriter;
import org.springframework.batch.infrastructure.item.file.builder.FlatFileItemReaderBuilder;
import org.springframework.batch.infrastructure.item.file.builder.FlatFileItemWriterBuilder;
import org.springframework.core.io.FileSystemResource;

/** Tables into files and into tables as an expert writes it in stock Spring Batch: with a cursor. */
final class StockTransfers {

  private static final int CHUNK = 1000;

  private final StockExpert stock;
  private final DataSource dataSource;

  StockTransfers(StockExpert stock, DataSource dataSource) {
    this.stock = stock;
    this.dataSource = dataSource;
  }

  /** One step; a file can be written by one only. */
  void intoFile(Path file, long run) throws Exception {
    FlatFileItemWriter<Item> writer =
        new FlatFileItemWriterBuilder<Item>()
            .name("lineitem")
            .resource(new FileSystemResource(file))
            .headerCallback(header -> header.write(String.join(",", Lineitem.COLUMNS)))
            .lineAggregator(StockTransfers::line)
            .build();
    stock.execute(new Step[] {stock.chunks("export", CHUNK, cursor(""), writer)}, run);
  }

  /** Two steps at the same time would need a partitioner of keys: here each has its half. */
  void intoTable(String table, long middle, long run) throws Exception {
    stock.parallel(
        List.of(
            stock.chunks("low", CHUNK, cursor(" where l_orderkey < " + middle), stock.writer(table)),
            stock.chunks("high", CHUNK, cursor(" where l_orderkey >= " + middle), stock.writer(table))),
        run);
  }

  /** Nanoseconds that a restart spends before it reads the first line that is new. */
  static long reopen(Path file, long linesRead) throws Exception {
    FlatFileItemReader<String> reader =
        new FlatFileItemReaderBuilder<String>()
            .name("lines")
            .resource(new FileSystemResource(file))
            .linesToSkip(1)
            .lineMapper((line, number) -> line)
            .build();
    long began = System.nanoTime();
    reader.open(new ExecutionContext(Map.of("lines.read.count", (int) linesRead)));
    reader.read();
    long took = System.nanoTime() - began;
    reader.close();
    return took;
  }

  private JdbcCursorItemReader<Item> cursor(String where) throws Exception {
    JdbcCursorItemReader<Item> reader =
        new JdbcCursorItemReaderBuilder<Item>()
            .name("lineitem")
            .dataSource(dataSource)
            .sql("select " + String.join(", ", Lineitem.COLUMNS) + " from lineitem" + where)
            .fetchSize(CHUNK)
            .connectionAutoCommit(false)
            .rowMapper((row, number) -> item(row))
            .build();
    return reader;
  }

  private static Item item(ResultSet row) throws SQLException {
    return new Item(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getBigDecimal(5),
        row.getBigDecimal(6),
        row.getBigDecimal(7),
        row.getBigDecimal(8),
        row.getString(9),
        row.getString(10),
        row.getObject(11, LocalDate.class),
        row.getObject(12, LocalDate.class),
        row.getObject(13, LocalDate.class),
        row.getString(14),
        row.getString(15),
        row.getString(16));
  }

  private static String line(Item item) {
    StringBuilder line = new StringBuilder(160);
    line.append(item.orderKey()).append(',').append(item.partKey()).append(',');
    line.append(item.suppKey()).append(',').append(item.lineNumber()).append(',');
    for (BigDecimal number :
        new BigDecimal[] {item.quantity(), item.extendedPrice(), item.discount(), item.tax()}) {
      line.append(number.toPlainString()).append(',');
    }
    line.append(item.returnFlag()).append(',').append(item.lineStatus()).append(',');
    line.append(item.shipDate()).append(',').append(item.commitDate()).append(',');
    line.append(item.receiptDate()).append(',').append(item.shipInstruct()).append(',');
    return line.append(item.shipMode()).append(",\"").append(item.comment()).append('"').toString();
  }
}

package dev.tranche.example;

import dev.tranche.NamedConnections;
import dev.tranche.row.Row;
import org.springframework.batch.infrastructure.item.database.JdbcBatchItemWriter;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

@Configuration
public class ArchiveOrders {

  /** In a job file: {@code write: { type: bean, bean: archivedOrders, connection: archive }}. */
  @Bean
  JdbcBatchItemWriter<Row> archivedOrders(NamedConnections connections) {
    return new JdbcBatchItemWriterBuilder<Row>()
        .dataSource(connections.dataSource("archive"))
        .sql("insert into archived_order (id, name) values (:id, :name)")
        .itemSqlParameterSourceProvider(
            row -> new MapSqlParameterSource("id", row.get("id")).addValue("name", row.get("name")))
        .build();
  }
}

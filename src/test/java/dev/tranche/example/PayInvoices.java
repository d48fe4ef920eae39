package dev.tranche.example;

import dev.tranche.batch.ChunkSteps;
import java.math.BigDecimal;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.infrastructure.item.database.JdbcBatchItemWriter;
import org.springframework.batch.infrastructure.item.database.JdbcPagingItemReader;
import org.springframework.batch.infrastructure.item.database.Order;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.infrastructure.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
public class PayInvoices {

  record Invoice(long id, BigDecimal amount) {}

  @Bean
  JdbcPagingItemReader<Invoice> invoices(DataSource dataSource) throws Exception {
    return new JdbcPagingItemReaderBuilder<Invoice>()
        .name("invoices")
        .dataSource(dataSource)
        .selectClause("id, amount")
        .fromClause("invoice")
        .sortKeys(Map.of("id", Order.ASCENDING))
        .rowMapper((row, number) -> new Invoice(row.getLong("id"), row.getBigDecimal("amount")))
        .pageSize(100)
        .build();
  }

  @Bean
  JdbcBatchItemWriter<Invoice> payments(DataSource dataSource) {
    return new JdbcBatchItemWriterBuilder<Invoice>()
        .dataSource(dataSource)
        .sql("insert into payment (invoice, amount) values (:id, :amount)")
        .beanMapped()
        .build();
  }

  @Bean
  Step pay(
      ChunkSteps steps,
      JdbcPagingItemReader<Invoice> invoices,
      JdbcBatchItemWriter<Invoice> payments,
      DataSource dataSource) {
    return steps.named("pay")
        .reader(invoices)
        .processor(invoice -> invoice.amount().signum() > 0 ? invoice : null)
        .writer(payments)
        .dataSource(dataSource) // the writer's inserts and the checkpoint: one transaction
        .chunkSize(100)
        .build();
  }

  @Bean
  Job payInvoices(JobRepository repository, Step pay) {
    return new JobBuilder("payInvoices", repository).start(pay).build();
  }
}

package dev.tranche.example;

import dev.tranche.batch.ChunkStep;
import dev.tranche.batch.ChunkSteps;
import dev.tranche.batch.CsvSlices;
import dev.tranche.row.ColumnType;
import java.time.Duration;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

@Configuration
public class LoadEarthquakes {

  @Bean
  CsvSlices quakes(ChunkSteps steps) {
    return steps.csv("jobs/data/earthquakes/*.csv")
        .column("id", ColumnType.STRING)
        .column("time", ColumnType.TIMESTAMP)
        .column("magnitude", "mag", ColumnType.DECIMAL, null)
        .column("place", ColumnType.STRING)
        .build();
  }

  /** Loads one partition: rows and checkpoint in one transaction. */
  @Bean
  ChunkStep load(ChunkSteps steps, CsvSlices quakes) {
    return steps.named("load")
        .reader(quakes.reader())
        .chunkSize(500)
        .futures(4).workers(2).orderByCompletion().timeout(Duration.ofSeconds(30))
        .retry(3, Duration.ofMillis(200))
        .skipLimit(100)
        .insertInto("earthquake")
        .build();
  }

  /** Spring Batch's own partitioned step, four partitions at a time. */
  @Bean
  Step loadAll(JobRepository repository, ChunkStep load, CsvSlices quakes) {
    SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("load-");
    threads.setConcurrencyLimit(4);
    return new StepBuilder("loadAll", repository)
        .partitioner("load", quakes.byBytes(512 * 1024))
        .step(load)
        .taskExecutor(threads)
        .build();
  }

  @Bean
  Job loadEarthquakes(JobRepository repository, Step loadAll) {
    return new JobBuilder("loadEarthquakes", repository).start(loadAll).build();
  }
}

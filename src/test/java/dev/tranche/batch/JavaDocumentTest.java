package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.example.LoadEarthquakes;
import dev.tranche.example.PayInvoices;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The examples of src/docs/java.md are these sources, and they work. */
class JavaDocumentTest {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Path EXAMPLES = Path.of("src/test/java/dev/tranche/example");

  @EnableAutoConfiguration
  @Import(LoadEarthquakes.class)
  static class Earthquakes {}

  @EnableAutoConfiguration
  @Import(PayInvoices.class)
  static class Invoices {}

  @Test
  void showsWhatIsCompiledHere() throws IOException {
    List<String> blocks =
        JAVA.matcher(Files.readString(Path.of("src/docs/java.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();

    assertThat(blocks)
        .containsExactly(
            source("LoadEarthquakes.java"),
            source("PayInvoices.java"),
            source("ArchiveOrders.java"));
  }

  private static String source(String file) throws IOException {
    return Files.readString(EXAMPLES.resolve(file)).replaceFirst("package .*;\n\n", "");
  }

  @EveryDatabase
  void loadsEveryEarthquakeOnceInAStockPartitionStep(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases, Earthquakes.class).earthquakes()) {
      world.sql()
          .sql(
              "create table earthquake (id varchar(40) not null, time "
                  + (databases.kind() == TestDatabase.Kind.MARIADB
                      ? "datetime(6)"
                      : "timestamp with time zone")
                  + ", magnitude numeric(6, 3), place varchar(200))")
          .update();
      JobExecution execution = start(world);

      assertThat(execution.getStatus())
          .as("%s", execution.getAllFailureExceptions())
          .isEqualTo(BatchStatus.COMPLETED);
      assertThat(world.count("select count(*) from earthquake")).isEqualTo(21_816);
      assertThat(world.count("select count(distinct id) from earthquake")).isEqualTo(21_816);
      assertThat(execution.getStepExecutions())
          .filteredOn(step -> step.getStepName().equals("loadAll"))
          .extracting(StepExecution::getReadCount)
          .containsExactly(21_816L);
      assertThat(execution.getStepExecutions()).hasSizeGreaterThan(4);
    }
  }

  @EveryDatabase
  void paysEveryInvoiceOnceWithSpringsOwnReaderAndWriter(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases, Invoices.class)) {
      world.sql().sql("create table invoice (id bigint primary key, amount numeric(10, 2))").update();
      world.sql().sql("create table payment (invoice bigint, amount numeric(10, 2))").update();
      for (int id = 1; id <= 250; id++) {
        world.sql().sql("insert into invoice values (?, ?)").params(id, id % 10).update();
      }
      assertThat(start(world).getStatus()).isEqualTo(BatchStatus.COMPLETED);
      assertThat(world.count("select count(*) from payment")).isEqualTo(225);
      assertThat(world.count("select count(distinct invoice) from payment")).isEqualTo(225);
    }
  }

  private static World world(TestDatabase databases, Class<?> application) {
    return new World(databases).with(application).set("spring.batch.job.enabled", false);
  }

  private static JobExecution start(World world) throws Exception {
    return world.operator().start(world.context().getBean(Job.class), new JobParameters());
  }
}

package dev.tranche.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.batch.ChunkSteps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.h2.Driver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.JobRegistry;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.support.ListItemReader;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.batch.autoconfigure.BatchAutoConfiguration;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** An application with a job of its own behaves as before once Tranche is on its class path. */
class BareApplicationTest {

  private static final String JOB_FILE =
      """
      name: from-a-file
      steps:
        - name: clean
          sql: delete from nothing
      """;

  @TempDir
  Path directory;

  @EnableAutoConfiguration
  static class Own {

    @Bean
    Job own(JobRepository repository) {
      return new JobBuilder("own", repository)
          .start(
              new StepBuilder("hello", repository)
                  .tasklet((contribution, context) -> RepeatStatus.FINISHED)
                  .build())
          .build();
    }
  }

  /** What was seen of an application that ran. */
  record Seen(
      Set<String> beans, Set<String> jobs, List<String> executions, Set<String> tables,
      Set<String> threads, int exitCode) {}

  @Test
  void runsItsOwnJobAndNothingElse() throws Exception {
    Files.createDirectories(directory.resolve("jobs"));
    Files.writeString(directory.resolve("jobs/from-a-file.yml"), JOB_FILE);
    Files.writeString(directory.resolve("jobs/broken.yml"), "no job: at all\n");
    Seen without = run("spring.autoconfigure.exclude", TrancheAutoConfiguration.class.getName());
    Seen with = run("some", "property");

    assertThat(with.executions).isEqualTo(without.executions).containsExactly("own COMPLETED");
    assertThat(with.jobs).isEqualTo(without.jobs).containsExactly("own");
    assertThat(with.tables).isEqualTo(without.tables).noneMatch(name -> name.startsWith("TRANCHE"));
    assertThat(with.exitCode).isEqualTo(without.exitCode).isZero();
    assertThat(with.threads).noneMatch(name -> name.contains("tranche"));
    assertThat(with.beans).containsAll(without.beans);
    with.beans.removeAll(without.beans);
    assertThat(with.beans)
        .containsExactly(
            "chunkSteps",
            "dev.tranche.autoconfigure.TrancheAutoConfiguration",
            "tranche",
            "tranche-dev.tranche.autoconfigure.TrancheProperties",
            "trancheConnections",
            "trancheJobRegistry",
            "trancheLifecycle");
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }

  private Seen run(String property, String value) {
    Set<String> before = threads();
    try (ConfigurableApplicationContext context =
        application(Own.class).properties(Map.of(property, value)).run()) {
      assertThat(context.getEnvironment().getProperty("local.server.port")).isNull();
      JdbcClient sql = JdbcClient.create(context.getBean(DataSource.class));
      List<String> executions =
          sql.sql(
                  "select i.job_name || ' ' || e.status from BATCH_JOB_EXECUTION e"
                      + " join BATCH_JOB_INSTANCE i on i.job_instance_id = e.job_instance_id")
              .query(String.class)
              .list();
      List<String> tables =
          sql.sql("select table_name from information_schema.tables where table_schema = 'PUBLIC'")
              .query(String.class)
              .list();
      Set<String> threads = threads();
      threads.removeAll(before);
      Set<String> jobs = new TreeSet<>(context.getBeansOfType(Job.class).keySet());
      Set<String> beans = new TreeSet<>(Arrays.asList(context.getBeanDefinitionNames()));
      return new Seen(
          beans, jobs, executions, new TreeSet<>(tables), threads, SpringApplication.exit(context));
    }
  }

  /** An application with a web server, security and actuator of its own. */
  @Test
  void addsNothingToTheWebSideOfAnApplication() {
    Set<String> without = webBeans("spring.autoconfigure.exclude", ConsoleAutoConfiguration.class.getName());
    Set<String> with = webBeans("some", "property");

    assertThat(with).isEqualTo(without);
  }

  private Set<String> webBeans(String property, String value) {
    try (ConfigurableApplicationContext context =
        application(Own.class)
            .web(WebApplicationType.SERVLET)
            .properties("server.port=0", property + "=" + value)
            .run()) {
      RequestMappingHandlerMapping mapping =
          context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
      Set<String> seen = new TreeSet<>();
      mapping.getHandlerMethods().keySet().forEach(it -> seen.add(it.toString()));
      context
          .getBeansOfType(SecurityFilterChain.class)
          .forEach((name, chain) -> seen.add(name + " " + chain.getFilters().size()));
      seen.addAll(context.getBeansOfType(UserDetailsService.class).keySet());
      seen.addAll(context.getBeansOfType(HealthIndicator.class).keySet());
      return seen;
    }
  }

  @Test
  void keepsTheJobsOfFilesInTheRegistryOnly() throws Exception {
    Files.createDirectories(directory.resolve("jobs"));
    Files.writeString(directory.resolve("jobs/from-a-file.yml"), JOB_FILE);
    try (ConfigurableApplicationContext context = application(Own.class).run()) {
      assertThat(context.getBean(JobRegistry.class).getJobNames())
          .containsExactlyInAnyOrder("own", "from-a-file");
    }
  }

  /** As with {@code spring-boot-starter-batch} alone. */
  @EnableAutoConfiguration(
      exclude = {DataSourceAutoConfiguration.class, BatchJdbcAutoConfiguration.class})
  static class Forgetful extends Own {

    static final List<Object> written = new ArrayList<>();

    @Bean
    Job chunks(JobRepository repository, ChunkSteps steps) {
      return new JobBuilder("chunks", repository)
          .start(
              steps.named("load").reader(new ListItemReader<>(List.of(1, 2, 3)))
                  .writer(items -> written.addAll(items.getItems())).build())
          .build();
    }
  }

  @Test
  void refusesAStepOnAJobRepositoryThatForgetsWhenItRuns() throws Exception {
    try (ConfigurableApplicationContext context =
        application(Forgetful.class).properties("spring.batch.job.name=own").run()) {
      assertThat(context.getBeanNamesForType(Tranche.class)).isEmpty();
      JobExecution execution =
          context.getBean(JobOperator.class)
              .start(context.getBean("chunks", Job.class), new JobParameters());

      assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
      assertThat(execution.getAllFailureExceptions())
          .extracting(Throwable::getMessage)
          .containsExactly("refused: " + FORGETS);
      assertThat(Forgetful.written).isEmpty();
    }
  }

  private static final String FORGETS =
      "this application's job repository is a ResourcelessJobRepository, which forgets every"
          + " execution, so that nothing can be restarted. Use one in a database: add"
          + " spring-boot-starter-batch-jdbc and a DataSource";

  /** A database, which the job repository does not use. */
  @EnableAutoConfiguration(exclude = BatchJdbcAutoConfiguration.class)
  static class Apart extends Own {}

  @Test
  void refusesAJobFileOnAJobRepositoryThatForgetsWhenItRuns() throws Exception {
    Files.createDirectories(directory.resolve("jobs"));
    Files.writeString(directory.resolve("jobs/from-a-file.yml"), JOB_FILE);
    try (ConfigurableApplicationContext context = application(Apart.class).run()) {
      Tranche tranche = context.getBean(Tranche.class);
      assertThatThrownBy(
              () -> tranche.run("from-a-file", Map.of(), false, RunObserver.NONE))
          .isInstanceOf(RefusedException.class)
          .hasMessage(FORGETS);
    }
  }

  /** Two databases, and nothing that tells which one is meant. */
  @EnableAutoConfiguration(
      exclude = {BatchJdbcAutoConfiguration.class, BatchAutoConfiguration.class})
  @EnableBatchProcessing
  static class Two extends Own {

    @Bean
    DataSource one() throws Exception {
      return new SimpleDriverDataSource(new Driver(), "jdbc:h2:mem:" + UUID.randomUUID());
    }

    @Bean
    DataSource other() throws Exception {
      return new SimpleDriverDataSource(new Driver(), "jdbc:h2:mem:" + UUID.randomUUID());
    }
  }

  @Test
  void startsWithoutKnowingWhichOfTwoDataSourcesIsMeant() {
    try (ConfigurableApplicationContext context = application(Two.class).run()) {
      assertThat(context.getBean(ChunkSteps.class)).isNotNull();
    }
  }

  private SpringApplicationBuilder application(Class<?> application) {
    return new SpringApplicationBuilder(application)
        .web(WebApplicationType.NONE)
        .bannerMode(Banner.Mode.OFF)
        .logStartupInfo(false)
        .properties(
            "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID(),
            "tranche.base-directory=" + directory,
            "logging.level.root=WARN");
  }
}

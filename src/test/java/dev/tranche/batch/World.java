package dev.tranche.batch;

import dev.tranche.testing.TemporaryFolder;
import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/** A user's directory with job files and data, and an application that has Tranche in it. */
final class World implements AutoCloseable {

  /** What a bare application has: auto-configuration, and nothing of its own. */
  @EnableAutoConfiguration
  static class Bare {}

  private final TestDatabase databases;
  private final Path directory;
  private final Map<String, Object> properties = new LinkedHashMap<>();
  private Class<?> application = Bare.class;
  private final List<Runnable> beforeClose = new ArrayList<>();
  private ConfigurableApplicationContext context;
  private String loaded = "default";

  World(TestDatabase databases) {
    this.databases = databases;
    try {
      this.directory = TemporaryFolder.create("world");
      Files.createDirectories(directory.resolve("jobs"));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    databases.empty("default");
    TestDatabase.Address address = databases.address("default");
    set("spring.datasource.url", address.url());
    set("spring.datasource.username", address.username());
    set("spring.datasource.password", address.password());
    set("spring.batch.jdbc.initialize-schema", "always");
    set("spring.batch.jdbc.isolation-level-for-create", "READ_COMMITTED");
    set("tranche.initialize-schema", "always");
    set("tranche.base-directory", directory.toString());
    set("logging.level.root", "WARN");
  }

  World set(String property, Object value) {
    properties.put(property, value);
    return this;
  }

  /** With beans of its own. */
  World with(Class<?> application) {
    this.application = application;
    return this;
  }

  /** A second database, as connection {@code target}. */
  World withTarget() {
    databases.empty("target");
    TestDatabase.Address address = databases.address("target");
    return set("tranche.connections.target.url", address.url())
        .set("tranche.connections.target.username", address.username())
        .set("tranche.connections.target.password", address.password())
        .set("tranche.connections.target.pool", 12);
  }

  /** The tables of the test are in connection {@code target}. */
  World loadsIntoTarget() {
    loaded = "target";
    return withTarget();
  }

  World file(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** A file of the user's directory, whether it is there or not. */
  Path path(String name) {
    return directory.resolve(name);
  }

  World job(String name, String text) {
    return file("jobs/" + name + ".yml", "name: " + name + "\n" + text);
  }

  /** The project's own job and its data. */
  World earthquakes() {
    try {
      FileSystemUtils.copyRecursively(Path.of("jobs"), directory.resolve("jobs"));
      return this;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  ConfigurableApplicationContext context() {
    if (context == null) {
      context =
          new SpringApplicationBuilder(application)
              .web(WebApplicationType.NONE)
              .bannerMode(org.springframework.boot.Banner.Mode.OFF)
              .logStartupInfo(false)
              .properties(properties)
              .run();
    }
    return context;
  }

  Tranche tranche() {
    return context().getBean(Tranche.class);
  }

  JobOperator operator() {
    return context().getBean(JobOperator.class);
  }

  JobRepository repository() {
    return context().getBean(JobRepository.class);
  }

  ExecutionView run(String job) {
    return tranche().run(job, Map.of(), false, RunObserver.NONE);
  }

  /** The database that is loaded into, whatever the application sees of it. */
  JdbcClient sql() {
    return JdbcClient.create(databases.empty(loaded).dataSource());
  }

  long count(String sql) {
    return sql().sql(sql).query(Long.class).single();
  }

  /** Ends the application in good order; the next use starts another. */
  void shutDown() {
    if (context != null) {
      context.close();
      context = null;
    }
  }

  /** Lets go what a test that failed still holds. */
  World beforeClose(Runnable action) {
    beforeClose.add(action);
    return this;
  }

  @Override
  public void close() {
    beforeClose.forEach(Runnable::run);
    shutDown();
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}

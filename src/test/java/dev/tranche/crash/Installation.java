package dev.tranche.crash;

import dev.tranche.testing.MariaDb;
import dev.tranche.testing.Postgres;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A user's directory with jobs, data and settings, and what is shipped to run in it.
 *
 * <p>What slows a run down, so that it can be killed in the middle, is only what a user may set.
 */
final class Installation {

  private static final Path PROJECT = Path.of("").toAbsolutePath();

  private final Path directory;
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private List<String> wrapper = List.of();
  private @Nullable Path beans;
  private String configuration = "";

  private Installation(Path directory) {
    this.directory = directory;
  }

  /** A directory as it is. */
  static Installation at(Path directory) {
    return new Installation(directory);
  }

  /** A copy of what the project ships: the earthquake job and its data. */
  static Installation in(Path directory) {
    try (Stream<Path> files = Files.walk(PROJECT.resolve("jobs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = directory.resolve(PROJECT.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return new Installation(directory);
  }

  Path directory() {
    return directory;
  }

  /** A command that is given the command line of the child and becomes it; empty: none. */
  Installation within(String... command) {
    wrapper = List.of(command);
    return this;
  }

  /** Sets a variable of the child's environment; null: none. */
  Installation env(String name, @Nullable String value) {
    if (value == null) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }
    return this;
  }

  /**
   * Adds a user's own beans, in a jar beside the shipped one.
   *
   * @param others classes that {@code configuration} needs
   */
  Installation beans(Class<?> configuration, Class<?>... others) throws IOException {
    Path jar = directory.resolve("lib/beans.jar");
    Files.createDirectories(jar.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(configuration, out);
      for (Class<?> other : others) {
        add(other, out);
      }
    }
    beans = jar;
    this.configuration = configuration.getName();
    return this;
  }

  private static void add(Class<?> type, JarOutputStream jar) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    jar.putNextEntry(new JarEntry(name));
    try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
      in.transferTo(jar);
    }
  }

  Installation set(String property, String value) {
    properties.put(property, value);
    return this;
  }

  /** The job repository, and with it the default target, in PostgreSQL. */
  Installation on(Postgres postgres) {
    return set("spring.datasource.url", postgres.url())
        .set("spring.datasource.username", postgres.username())
        .set("spring.datasource.password", postgres.password());
  }

  /** The job repository, and with it the default target, in a database of any product. */
  Installation on(TestDatabase.Address database) {
    return set("spring.datasource.url", database.url())
        .set("spring.datasource.username", database.username())
        .set("spring.datasource.password", database.password());
  }

  /** The job repository, and with it the default target, in MariaDB. */
  Installation on(MariaDb mariaDb) {
    return set("spring.datasource.url", mariaDb.url())
        .set("spring.datasource.username", mariaDb.username())
        .set("spring.datasource.password", mariaDb.password());
  }

  /** The newest execution as {@code show --json} has it. */
  JsonNode newestExecution() throws InterruptedException {
    JsonNode list = json("executions");
    return json("show", list.get(0).get("execution").asString());
  }

  JsonNode json(String... arguments) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    Child.Result result = run(all.toArray(String[]::new));
    if (result.exit() != 0) {
      throw new AssertionError(all + ": " + result);
    }
    return JsonMapper.shared().readTree(result.out());
  }

  /** Edits the earthquake job as a user would in an editor. */
  Installation edit(UnaryOperator<String> edit) {
    return edit("jobs/load-earthquakes.yml", edit);
  }

  Installation edit(String file, UnaryOperator<String> edit) {
    Path path = directory.resolve(file);
    try {
      String before = Files.readString(path);
      String after = edit.apply(before);
      if (after.equals(before)) {
        throw new AssertionError("the edit of " + file + " changed nothing");
      }
      Files.writeString(path, after);
      return this;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Chunks so small that a load takes seconds, in the mode and with the lanes given. */
  Installation chunks(int size, String mode, int concurrency) {
    return edit(job -> job.replaceAll("(?m)^    chunk:.*$", "    chunk: " + chunk(size, mode))
        .replaceAll("concurrency: \\d+", "concurrency: " + concurrency));
  }

  private static String chunk(int size, String mode) {
    return mode.equals("map")
        ? "{ size: " + size + ", mode: map, workers: 2 }"
        : "{ size: " + size + ", mode: futures, workers: 2, in-flight: 8, order: completion }";
  }

  /** How a JVM is started that is to do a few seconds of work. */
  static List<String> java() {
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC");
  }

  Child start(String... arguments) {
    return start(line -> {}, arguments);
  }

  /** @param errLines hears of every line of the child's log as it is printed */
  Child start(Consumer<String> errLines, String... arguments) {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(java());
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(
        beans == null ? UnpackedJar.launch() : UnpackedJar.launch(beans, configuration));
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().putAll(environment);
      return new Child(builder.start(), errLines);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  Child.Result run(String... arguments) throws InterruptedException {
    try (Child child = start(arguments)) {
      return child.await();
    }
  }
}

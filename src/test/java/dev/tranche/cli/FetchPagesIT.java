package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tranche.example.FetchPages;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of src/docs/pipelines.md: this job file and these beans, run from the packaged jar. */
class FetchPagesIT {

  private static final Path EXECUTABLE = Path.of("target/tranche-exec.jar").toAbsolutePath();
  private static final Path DOCUMENT = Path.of("src/docs/pipelines.md");
  private static final Path SOURCE = Path.of("src/test/java/dev/tranche/example/FetchPages.java");
  private static final int PAGES = 300;

  /** More than a machine of the tests has processors, and fewer than the stage has workers. */
  private static final int AT_ONCE = 24;

  @TempDir Path directory;

  private final CountDownLatch atOnce = new CountDownLatch(AT_ONCE);
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** The first answers wait for each other: fetches one by one, or by processors, would hang. */
  private void answer(HttpExchange exchange) throws IOException {
    atOnce.countDown();
    try (exchange) {
      if (!atOnce.await(2, TimeUnit.MINUTES)) {
        exchange.sendResponseHeaders(500, -1);
        return;
      }
      String path = exchange.getRequestURI().getPath();
      int page = Integer.parseInt(path.substring(1));
      boolean first = asked.add(path);
      if (page % 50 == 7 && first) {
        exchange.sendResponseHeaders(503, -1);
      } else if (page % 100 == 13) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        String title = page % 100 == 42 ? "" : "<title>Page " + page + "</title>";
        byte[] html = (title + "<p>some words</p>").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, html.length);
        try (OutputStream body = exchange.getResponseBody()) {
          body.write(html);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void fetchesManyPagesAtOnceAndWritesEachOnce() throws Exception {
    write("jobs/fetch-pages.yml", block("yaml"));
    write("pages.csv", "url\n" + urls());
    beans();

    String out = run("run", "fetch-pages", "--json");

    assertThat(out)
        .contains("\"status\" : \"COMPLETED\"")
        .containsPattern("\"read\" : 300,\\s*\"written\" : 294,\\s*\"filtered\" : 0,\\s*\"rejected\" : 6");
    assertThat(titles())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, PAGES)
                .filter(page -> page % 100 != 13 && page % 100 != 42)
                .mapToObj(page -> "Page " + page)
                .toList());
  }

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCUMENT));
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  @Test
  void theBeansAreThoseOfTheDocument() throws IOException {
    assertThat(block("java"))
        .isEqualTo(Files.readString(SOURCE).replaceFirst("package .*;\n\n", ""));
  }

  private String urls() {
    StringBuilder urls = new StringBuilder();
    for (int page = 1; page <= PAGES; page++) {
      urls.append(server(page)).append('\n');
    }
    return urls.toString();
  }

  private String server(int page) {
    return "http://localhost:" + server.getAddress().getPort() + "/" + page;
  }

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** A user's jar: the class, and the file that names it. */
  private void beans() throws IOException {
    Path classes = Path.of("target/test-classes");
    try (JarOutputStream jar =
            new JarOutputStream(Files.newOutputStream(directory.resolve("pages.jar")));
        Stream<Path> files = Files.list(classes.resolve("dev/tranche/example"))) {
      for (Path file : files.filter(it -> it.toString().contains("FetchPages")).toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, jar);
      }
      jar.putNextEntry(
          new JarEntry(
              "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports"));
      jar.write(FetchPages.class.getName().getBytes(StandardCharsets.UTF_8));
    }
  }

  private String run(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Dloader.path=pages.jar", "-cp", EXECUTABLE.toString()));
    command.add("org.springframework.boot.loader.launch.PropertiesLauncher");
    command.addAll(List.of(words));
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(directory.resolve("err").toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue())
        .as(Files.readString(out) + Files.readString(directory.resolve("err")))
        .isZero();
    return Files.readString(out);
  }

  private List<String> titles() throws SQLException {
    List<String> titles = new ArrayList<>();
    String url = "jdbc:h2:file:" + directory.resolve("var/tranche");
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        ResultSet rows = connection.createStatement().executeQuery("select title from page")) {
      while (rows.next()) {
        titles.add(rows.getString(1));
      }
    }
    return titles;
  }
}

package dev.tranche.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tranche.ExecutionView;
import dev.tranche.row.Row;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Files that are not as they should be: what is said, and that a restart completes. */
class BadInputTest {

  private static final AtomicReference<Runnable> MISHAP = new AtomicReference<>(() -> {});

  /** Has something happen to the input when order 110 is processed. */
  @EnableAutoConfiguration
  static class Mishaps {
    @Bean
    ItemProcessor<Row, Row> mishap() {
      return row -> {
        if (Long.valueOf(110).equals(row.get("id"))) {
          MISHAP.getAndSet(() -> {}).run();
        }
        return row;
      };
    }
  }

  private TestDatabase databases;

  @BeforeEach
  void open() {
    databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
  }

  @AfterEach
  void close() throws Exception {
    databases.close();
  }

  // -- files that cannot be opened --

  @Test
  void refusesAMissingFile() {
    try (World world = Orders.in(databases, "map")) {
      world.job("orders", Orders.job("map").replace("in/*.csv", "[in/a.csv, in/c.csv]"));

      Orders.refuses(world, 
          "step 'load': file 'in/c.csv' does not exist in "
              + world.path("")
              + ". Paths are resolved against the base directory");

      world.file("in/c.csv", Orders.csv(101, 200));
      Orders.assertComplete(world, world.run("orders"));
    }
  }

  @Test
  void refusesAGlobThatMatchesNothing() {
    try (World world = Orders.in(databases, "map")) {
      world.job("orders", Orders.job("map").replace("in/*.csv", "out/*.csv"));

      Orders.refuses(world, 
          "step 'load': no file matches 'out/*.csv' in "
              + world.path("")
              + ". Globs are resolved against the base directory");
    }
  }

  @Test
  void refusesADirectory() throws IOException {
    try (World world = Orders.in(databases, "map")) {
      world.job("orders", Orders.job("map").replace("in/*.csv", "in"));

      Orders.refuses(
          world, "step 'load': 'in' is a directory. To read the files in it, write 'in/*'");

      Files.createDirectory(world.path("in/c.csv"));
      world.job("orders", Orders.job("map").replace("in/*.csv", "[in/a.csv, in/c.csv]"));
      Orders.refuses(
          world,
          "step 'load': 'in/c.csv' is a directory. To read the files in it, write 'in/c.csv/*'");
    }
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    try (World world = Orders.in(databases, "map")) {
      world.set("tranche.may-leave-base-directory", true);
      makeUnreadable(world.path("in/b.csv"));

      Orders.refuses(world, 
          "step 'load': file 'in/b.csv' cannot be read: this process has no permission to. Grant"
              + " it");

      Files.delete(world.path("in/b.csv"));
      world.file("in/b.csv", Orders.csv(101, 200));
      Orders.assertComplete(world, world.run("orders"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void failsAtAFileThatIsGoneWhenItsPartitionBegins(String mode) {
    try (World world = withMishaps(mode)) {
      world.file("in/b.csv", Orders.csv(101, 195)).file("in/c.csv", Orders.csv(196, 200));
      MISHAP.set(() -> delete(world.path("in/c.csv")));

      ExecutionView failed = Orders.fails(world, 
              "load/p3 cannot be read on: file 'in/c.csv' cannot be read: it does not exist. Put it"
                  + " there");

      Orders.refusesRestart(world, failed, 
          "step 'load': file 'in/c.csv' cannot be read: it does not exist. Put it there");
      world.file("in/c.csv", Orders.csv(196, 200));
      Orders.completes(world, failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void failsAtAFileThatShrinksWhileItIsRead(String mode) {
    try (World world = withMishaps(mode)) {
      String padded = "x".repeat(900);
      StringBuilder text = new StringBuilder("id,name,amount,more\n");
      for (int id = 101; id <= 200; id++) {
        text.append(id).append(",order ").append(id).append(',').append(id).append(',');
        text.append(padded).append(padded).append(padded).append('\n');
      }
      world.job("orders", withBean(mode).replace("1KB", "4KB"));
      world.file("in/b.csv", text.toString());
      MISHAP.set(() -> truncate(world.path("in/b.csv"), 150_000));

      ExecutionView failed = Orders.fails(world, 
              "load/p2 cannot be read on: in/b.csv: the file ends at byte 150000, but 271920 bytes"
                  + " were expected: it became shorter after it was cut into partitions. Put it back"
                  + " as it was");

      world.file("in/b.csv", text.toString());
      Orders.completes(world, failed);
    }
  }

  // -- records that cannot be read --

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void failsAtBytesThatAreNotInTheCharset(String mode) throws IOException {
    try (World world = Orders.in(databases, mode)) {
      String text = Orders.withLine(150, "150,Müller,150");
      Files.write(world.path("in/b.csv"), text.getBytes(ISO_8859_1));

      ExecutionView failed = Orders.fails(world, 
              "load/p2 failed at item 50 (in/b.csv, line 51): name: byte 902 of the file, 0xFC, is"
                  + " not UTF-8. Set 'charset' to what the file is in");

      world.file("in/b.csv", text);
      Orders.completes(world, failed);
      assertThat(name(world, 150)).isEqualTo("Müller");
    }
  }

  @Test
  void refusesAHeaderThatIsNotInTheCharset() throws IOException {
    try (World world = Orders.in(databases, "map")) {
      String text = Orders.csv(101, 200).replace("id,name,amount", "id,name,amount,größe");
      Files.write(world.path("in/b.csv"), text.getBytes(ISO_8859_1));

      Orders.refuses(world, 
          "step 'load': file 'in/b.csv', line 1: the header is not in UTF-8. Set 'charset' to what"
              + " it is in");

      world.file("in/b.csv", text.replaceAll("(?m)^(\\d.*)$", "$1,"));
      Orders.assertComplete(world, world.run("orders"));
    }
  }

  @Test
  void readsTheCharsetThatIsDeclared() throws IOException {
    try (World world = Orders.in(databases, "map")) {
      world.job(
          "orders",
          Orders.job("map").replace("type: csv", "type: csv\n      charset: ISO-8859-1"));
      Files.write(
          world.path("in/b.csv"), Orders.withLine(150, "150,Müller,150").getBytes(ISO_8859_1));

      Orders.assertComplete(world, world.run("orders"));
      assertThat(name(world, 150)).isEqualTo("Müller");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void failsAtARecordThatIsTooLong(String mode) {
    try (World world = Orders.in(databases, mode)) {
      world.file("in/b.csv", Orders.withLine(150, "150," + "x".repeat(2000) + ",150"));

      ExecutionView failed = Orders.fails(world, 
              "load/p2 cannot be read on: in/b.csv, line 51: the record that begins here is longer"
                  + " than max-record, 1024 bytes. Raise max-record if it is right");

      world.file("in/b.csv", Orders.csv(101, 200));
      Orders.completes(world, failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void failsAtAQuoteThatIsNotClosed(String mode) {
    try (World world = Orders.in(databases, mode)) {
      world.file("in/b.csv", Orders.withLine(150, "150,\"order 150,150"));

      ExecutionView failed = Orders.fails(world, 
              "load/p2 cannot be read on: in/b.csv, line 51: the quote opened here is not closed"
                  + " before the end of the file. Close it");

      world.file("in/b.csv", Orders.csv(101, 200));
      Orders.completes(world, failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void failsAtAQuoteThatIsNotClosedWithinMaxRecord(String mode) {
    try (World world = Orders.in(databases, mode)) {
      world.job("orders", Orders.job(mode).replace("max-record: 1KB", "max-record: 100"));
      world.file("in/b.csv", Orders.withLine(150, "150,\"order 150,150"));

      ExecutionView failed = Orders.fails(world, 
              "load/p2 cannot be read on: in/b.csv, line 51: the record that begins here is longer"
                  + " than max-record, 100 bytes; a quote opened in line 51 is not closed within them."
                  + " Close it, or raise max-record");

      world.file("in/b.csv", Orders.csv(101, 200));
      Orders.completes(world, failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void failsAtARecordWithTooFewFields(String mode) {
    try (World world = Orders.in(databases, mode)) {
      world.file("in/b.csv", Orders.withLine(150, "150,order 150"));

      ExecutionView failed = Orders.fails(world, 
              "load/p2 failed at item 50 (in/b.csv, line 51): the record has 2 fields, expected 3");

      world.file("in/b.csv", Orders.csv(101, 200));
      Orders.completes(world, failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void failsAtAValueThatIsNotOfItsType(String mode) {
    try (World world = Orders.in(databases, mode)) {
      world.file("in/b.csv", Orders.withLine(150, "150,order 150,9223372036854775808"));

      ExecutionView failed = Orders.fails(world, 
              "load/p2 failed at item 50 (in/b.csv, line 51): amount: '9223372036854775808' is not a"
                  + " long, which goes from -9223372036854775808 to 9223372036854775807");

      world.file("in/b.csv", Orders.csv(101, 200));
      Orders.completes(world, failed);
    }
  }

  @Test
  void refusesAFileWithoutAColumn() {
    try (World world = Orders.in(databases, "map")) {
      world.file("in/b.csv", Orders.csv(101, 200).replace("amount", "ammount"));

      Orders.refuses(world, 
          "step 'load': file 'in/b.csv' has no 'amount' in its header. Did you mean 'ammount'?");

      world.file("in/b.csv", Orders.csv(101, 200));
      Orders.assertComplete(world, world.run("orders"));
    }
  }

  private World withMishaps(String mode) {
    return Orders.in(databases, mode).with(Mishaps.class).job("orders", withBean(mode));
  }

  private static String withBean(String mode) {
    return Orders.job(mode)
        .replace(
            "    chunk:",
            "    process: [ { bean: mishap }, { select: [id, name, amount] } ]\n    chunk:");
  }

  private static String name(World world, int id) {
    return world
        .sql()
        .sql("select name from orders where id = " + id)
        .query(String.class)
        .single();
  }

  /** Also for root, who may read what nobody may: then it becomes a link to such a file. */
  private static void makeUnreadable(Path file) throws IOException {
    assumeThat(file.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Files.setPosixFilePermissions(file, Set.of());
    if (opens(file)) {
      Path unreadable = Path.of("/sys/bus/cpu/drivers_probe");
      assumeThat(Files.isRegularFile(unreadable) && !opens(unreadable)).isTrue();
      Files.delete(file);
      Files.createSymbolicLink(file, unreadable);
    }
  }

  private static boolean opens(Path file) {
    try (InputStream opened = Files.newInputStream(file)) {
      return true;
    } catch (IOException error) {
      return false;
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static void truncate(Path file, long size) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}

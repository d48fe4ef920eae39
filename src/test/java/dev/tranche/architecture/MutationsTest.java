package dev.tranche.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The faults that {@code .ci/mutations} plants still fit the product's text, so that the check is
 * there when somebody runs it: it builds the product once for each and takes too long for every run.
 */
class MutationsTest {

  private static final Path MUTATIONS = Path.of("src/test/mutations");

  static List<Path> mutations() throws IOException {
    try (Stream<Path> files = Files.list(MUTATIONS)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void everyFaultFitsTheProduct(Path mutation) throws IOException {
    String product = "";
    List<String> hunk = new ArrayList<>();
    for (String line : Files.readAllLines(mutation)) {
      if (line.startsWith("+++ b/")) {
        assertFits(mutation, product, hunk);
        product = Files.readString(Path.of(line.substring("+++ b/".length())));
      } else if (line.startsWith("@@") || line.startsWith("diff ")) {
        assertFits(mutation, product, hunk);
      } else if (line.startsWith(" ") || line.startsWith("-") && !line.startsWith("--- ")) {
        hunk.add(line.substring(1));
      }
    }
    assertThat(product).as("a patch of the product").isNotEmpty();
    assertFits(mutation, product, hunk);
  }

  private static void assertFits(Path mutation, String product, List<String> hunk) {
    if (!product.isEmpty() && !hunk.isEmpty()) {
      assertThat(product)
          .as("%s is to be made anew: its place in the product changed", mutation.getFileName())
          .contains(String.join("\n", hunk));
    }
    hunk.clear();
  }
}

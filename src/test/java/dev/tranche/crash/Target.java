package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the rows of a load go, and how the laboratory reads them there. */
interface Target {

  /**
   * A file that a load makes grow on its own machine.
   *
   * @param file as it is now, or is not yet
   * @param blocks of 512 bytes that a load adds to one file, at most
   */
  record Growth(Path file, int blocks) {}

  /** Makes ready what is not the product's to make. */
  default void prepare(Installation installation) throws Exception {}

  /** All rows that are there, each as one text; none if there is nothing yet. */
  List<String> rows() throws Exception;

  /** Null: its disk is not the child's. */
  default @Nullable Growth growth() {
    return null;
  }

  /**
   * Whatever happened, and however often: nothing is there more often than it may be.
   *
   * @param faults so far
   */
  default void assertNothingTwice(int faults) throws Exception {
    Set<String> seen = new HashSet<>();
    List<String> twice =
        rows().stream().map(Target::number).filter(number -> !seen.add(number)).toList();
    assertThat(twice).as("orders that are there twice").isEmpty();
  }

  private static String number(String row) {
    return row.substring(0, row.indexOf('|'));
  }
}

package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

  private static final List<String> NAMES =
      List.of("size", "mode", "workers", "in-flight", "max-lead", "order", "timeout", "jdbc");

  @ParameterizedTest
  @CsvSource({
    "siez, size",
    "inFlight, in-flight",
    "IN_FLIGHT, in-flight",
    "flight, in-flight",
    "chunksize, size",
    "time, timeout",
    "worker, workers",
    "jdcb, jdbc",
    "timeouts, timeout"
  })
  void findsTheNameThatWasMeant(String name, String meant) {
    assertThat(Nearest.of(name, NAMES)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({"x", "zzzz", "retry", "''"})
  void findsNoneWhereNoneIsNear(String name) {
    assertThat(Nearest.of(name, NAMES)).isNull();
    assertThat(Nearest.hint(name, NAMES)).isEmpty();
  }

  @Test
  void listsWhatThereIsWhenNothingIsLikeIt() {
    List<String> columns = List.of("time", "magnitude", "place", "id");
    assertThat(Nearest.hint("plase", "columns", columns)).isEqualTo("Did you mean 'place'?");
    assertThat(Nearest.hint("depth", "columns", columns))
        .isEqualTo("The columns are time, magnitude, place, id.");
    assertThat(Nearest.hint("depth", "columns", List.of())).isEqualTo("There are no columns.");
    List<String> many = IntStream.range(100, 200).mapToObj(i -> "column" + i).toList();
    assertThat(Nearest.hint("depth", "columns", many)).endsWith("column118, column119, ….");
  }
}

package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestTest {

  private static final List<String> COLUMNS = List.of("time", "magnitude", "place", "id");

  @Test
  void listsWhatThereIsWhenNothingIsLikeIt() {
    assertThat(Nearest.hint("plase", "columns", COLUMNS)).isEqualTo("Did you mean 'place'?");
    assertThat(Nearest.hint("depth", "columns", COLUMNS))
        .isEqualTo("The columns are time, magnitude, place, id.");
    assertThat(Nearest.hint("depth", "columns", List.of())).isEqualTo("There are no columns.");
    List<String> many = IntStream.range(100, 200).mapToObj(i -> "column" + i).toList();
    assertThat(Nearest.hint("depth", "columns", many)).endsWith("column118, column119, ….");
  }
}

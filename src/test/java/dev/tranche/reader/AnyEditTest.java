package dev.tranche.reader;

import static dev.tranche.reader.InputCheckTest.asRead;
import static dev.tranche.reader.InputCheckTest.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tranche.partition.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** Files edited at random between two attempts to load them. */
class AnyEditTest {

  /**
   * Whatever was loaded and whatever was edited: either the check refuses, or what was loaded and
   * what is read after it are the records of the file as it is now, each once.
   */
  @Property(tries = 1500)
  void loadsTheFileAsItIsNowOrRefuses(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int partitions,
      @ForAll @IntRange(min = 1, max = 6) int chunkSize,
      @ForAll @IntRange(min = 1, max = 3) int edits) {
    Random random = new Random(seed);
    List<String> rows = randomRows(random, 5 + random.nextInt(60));
    try (CsvFolder folder = new CsvFolder().with("a.csv", file(rows))) {
      Loading loading = new Loading(folder, CsvFolder.count(partitions));
      for (int partition : loading.slices.keySet()) {
        double done = random.nextInt(4) / 3.0;
        loading.load(partition, chunkSize, chunk -> random.nextDouble() < done);
      }
      List<String> edited = edit(random, rows, edits);
      folder.with("a.csv", file(edited));
      InputException refusal = catchThrowableOfType(InputException.class, () -> {
        for (int deaths = random.nextInt(3); deaths > 0; deaths--) {
          loading.checkAndDie();
        }
        loading.check();
      });
      Statistics.label("outcome")
          .collect(refusal == null ? "goes on" : "refuses")
          .coverage(outcomes -> outcomes.check("goes on").percentage(share -> share > 20));
      if (refusal == null) {
        loading.finish(1 + random.nextInt(9));
        assertThat(loading.loaded).containsExactlyInAnyOrderElementsOf(asRead(edited));
      }
    }
  }

  /** One repaired row that is not loaded never stops a load. */
  @Property(tries = 1000)
  void goesOnAfterAnyOneRowThatIsNotLoadedWasRepaired(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int partitions,
      @ForAll @IntRange(min = 1, max = 6) int chunkSize) {
    Random random = new Random(seed);
    List<String> rows = randomRows(random, 5 + random.nextInt(60));
    try (CsvFolder folder = new CsvFolder().with("a.csv", file(rows))) {
      Loading loading = new Loading(folder, CsvFolder.count(partitions));
      for (int partition : loading.slices.keySet()) {
        loading.load(partition, chunkSize, chunk -> random.nextInt(3) > 0);
      }
      List<Integer> missing = IntStream.range(0, rows.size())
          .filter(i -> !loading.loaded.contains(asRead(rows.subList(i, i + 1)).get(0)))
          .boxed()
          .toList();
      if (missing.isEmpty()) {
        return;
      }
      List<String> edited = new ArrayList<>(rows);
      int row = missing.get(random.nextInt(missing.size()));
      edited.set(row, "repaired " + seed + "," + "y".repeat(random.nextInt(400)));
      folder.with("a.csv", file(edited));

      loading.check().finish(3);

      assertThat(loading.loaded).containsExactlyInAnyOrderElementsOf(asRead(edited));
    }
  }

  private static List<String> randomRows(Random random, int count) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(5) == 0 ? random.nextInt(300) : random.nextInt(12);
      rows.add(i + "," + (random.nextBoolean() ? "same" : "z".repeat(length)));
    }
    return rows;
  }

  private static List<String> edit(Random random, List<String> rows, int edits) {
    List<String> edited = new ArrayList<>(rows);
    for (int i = 0; i < edits && !edited.isEmpty(); i++) {
      int at = random.nextInt(edited.size());
      switch (random.nextInt(4)) {
        case 0 -> edited.remove(at);
        case 1 -> edited.add(at, "n" + random.nextInt(9) + ",new");
        case 2 -> edited.set(at, "e" + random.nextInt(9) + "," + "e".repeat(random.nextInt(50)));
        default -> edited.add("a" + random.nextInt(9) + ",appended");
      }
    }
    return edited;
  }
}

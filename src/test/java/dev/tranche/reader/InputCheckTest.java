package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.definition.PartitionDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.store.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputCheckTest {

  private final CsvFolder folder = new CsvFolder();

  @AfterEach
  void removeFolder() {
    folder.close();
  }

  /** Rows that differ in length; row 41 is in the second of four slices. */
  private static List<String> rows() {
    return IntStream.rangeClosed(1, 100).mapToObj(InputCheckTest::row).toList();
  }

  private static String row(int number) {
    return number + ",row " + "x".repeat(number * 7 % 40);
  }

  private static List<String> with(int number, String... instead) {
    List<String> rows = new ArrayList<>(rows());
    rows.remove(number - 1);
    rows.addAll(number - 1, List.of(instead));
    return rows;
  }

  static String file(List<String> rows) {
    return "id,name\n" + String.join("\n", rows) + "\n";
  }

  static List<String> asRead(List<String> rows) {
    return rows.stream().map(row -> "[" + row.replaceFirst(",", ", ") + "]").toList();
  }

  /** Slice 1 complete, slice 2 stopped around row 41, slices 3 and 4 not begun. */
  private Loading stoppedAtRow41() {
    folder.with("a.csv", file(rows()));
    Loading loading = new Loading(folder, CsvFolder.count(4));
    assertThat(loading.slices).hasSize(4);
    loading.load(1, 4, chunk -> true);
    loading.load(2, 4, chunk -> chunk < 3 || chunk == 5);
    assertThat(loading.loaded).doesNotContainAnyElementsOf(asRead(List.of(row(41))));
    assertThat(loading.checkpoints.get(2).done()).hasSize(1);
    return loading;
  }

  private void assertGoesOnWith(Loading loading, List<String> rows) {
    folder.with("a.csv", file(rows));
    assertThat(loading.input.isUnchanged(loading.facts)).isFalse();
    loading.check();
    assertThat(loading.input.isUnchanged(loading.facts)).isTrue();
    loading.finish(7);
    assertThat(loading.loaded).containsExactlyInAnyOrderElementsOf(asRead(rows));
  }

  @Test
  void doesNothingWhereSizeAndTimeAreAsTheyWere() throws IOException {
    Loading loading = stoppedAtRow41();
    Path file = folder.path.resolve("a.csv");
    FileTime modified = Files.getLastModifiedTime(file);
    Files.writeString(file, file(with(1, row(1).replace("row", "ROW"))));
    Files.setLastModifiedTime(file, modified);

    assertThat(loading.input.isUnchanged(loading.facts)).isTrue();
  }

  @Test
  void goesOnAfterARowWasRepairedByALongerLineWithDoneRangesAndSlicesAfterIt() {
    Loading loading = stoppedAtRow41();
    Slice.Files third = loading.slices.get(3);

    assertGoesOnWith(loading, with(41, "41,a name so long that all after it has moved"));

    long moved =
        "41,a name so long that all after it has moved".length() - row(41).length();
    Slice.Piece piece = loading.slices.get(3).pieces().get(0);
    assertThat(piece.start()).isEqualTo(third.pieces().get(0).start() + moved);
    assertThat(piece.line()).isEqualTo(third.pieces().get(0).line());
  }

  @Test
  void goesOnAfterARowWasRepairedByAShorterLine() {
    assertGoesOnWith(stoppedAtRow41(), with(41, "41,x"));
  }

  @Test
  void goesOnAfterARowWasRepairedByALineAsLong() {
    Loading loading = stoppedAtRow41();
    Slice.Files second = loading.slices.get(2);

    assertGoesOnWith(loading, with(41, row(41).replace("row", "ROW")));

    assertThat(loading.slices.get(2).pieces().get(0).end())
        .isEqualTo(second.pieces().get(0).end());
  }

  @Test
  void goesOnAfterARowWasDeleted() {
    Loading loading = stoppedAtRow41();
    long line = loading.slices.get(4).pieces().get(0).line();

    assertGoesOnWith(loading, with(41));

    assertThat(loading.slices.get(4).pieces().get(0).line()).isEqualTo(line - 1);
  }

  @Test
  void goesOnAfterRowsWereAdded() {
    assertGoesOnWith(stoppedAtRow41(), with(41, row(41), "141,two", "142,more"));
  }

  @Test
  void readsARowThatWasAppendedAtTheEndOfTheFile() {
    assertGoesOnWith(stoppedAtRow41(), with(100, row(100), "101,appended"));
  }

  @Test
  void goesOnAfterSeveralPartitionsWereRepaired() {
    Loading loading = stoppedAtRow41();
    List<String> rows = with(41, "41,longer than it was before by far");
    rows.set(59, "60,shorter");
    rows.set(89, "90,of another length again");

    assertGoesOnWith(loading, rows);
  }

  @Test
  void goesOnAfterAnEditorAddedAByteOrderMark() {
    Loading loading = stoppedAtRow41();
    folder.with("a.csv", "\uFEFF" + file(with(41, "41,repaired")));

    loading.check().finish(7);

    assertThat(loading.loaded).containsExactlyInAnyOrderElementsOf(asRead(with(41, "41,repaired")));
  }

  @Test
  void keepsTheLinesRight() {
    Loading loading = stoppedAtRow41();
    folder.with("a.csv", file(with(41, "41,a", "41,b", "41,c d e")));

    loading.check();

    assertThat(loading.checkpoints.get(2).done().get(0).from().line())
        .isEqualTo(lineOf(loading, 2));
    assertThat(loading.slices.get(3).pieces().get(0).line()).isEqualTo(lineOf(loading, 3));
  }

  /** The line in the file as it is now of the first done range, or of the start of the slice. */
  private long lineOf(Loading loading, int partition) {
    Slice.Piece piece = loading.slices.get(partition).pieces().get(0);
    long offset = partition == 2
        ? FilePlace.of(loading.checkpoints.get(2).done().get(0).from()).offset()
        : 0;
    try {
      byte[] bytes = Files.readAllBytes(folder.path.resolve("a.csv"));
      return 1
          + new String(bytes, 0, (int) (piece.start() + offset), StandardCharsets.UTF_8)
              .chars()
              .filter(c -> c == '\n')
              .count();
    } catch (IOException error) {
      throw new AssertionError(error);
    }
  }

  @Test
  void goesOnAfterADeathBetweenCheckpointsAndSlices() {
    Loading loading = stoppedAtRow41();
    List<String> rows = with(41, "41,a name so long that all after it has moved");
    folder.with("a.csv", file(rows));

    loading.checkAndDie().checkAndDie();

    assertGoesOnWith(loading, rows);
  }

  @Test
  void changesNothingWhereTheFileWasOnlyTouched() {
    Loading loading = stoppedAtRow41();
    folder.with("a.csv", file(rows()));
    loading.facts = loading.facts.stream()
        .map(facts -> new FileFacts(
            facts.path(),
            facts.size(),
            facts.modified().minusSeconds(1),
            facts.header(),
            facts.dataStart(),
            facts.dataLine(),
            facts.head()))
        .toList();

    List<InputCheck.Partition> partitions = loading.slices.entrySet().stream()
        .map(slice -> new InputCheck.Partition(
            slice.getKey(), slice.getValue(), loading.checkpoints.get(slice.getKey())))
        .toList();
    InputCheck.Result result = loading.input.check(loading.facts, partitions);

    assertThat(result.slices()).isEmpty();
    assertThat(result.checkpoints()).isEmpty();
    assertThat(loading.input.isUnchanged(result.facts())).isTrue();
  }

  // -- refusals --

  private void assertRefused(Loading loading, List<String> rows, String message) {
    folder.with("a.csv", file(rows));
    assertThatThrownBy(loading::check).isInstanceOf(InputException.class).hasMessage(message);
  }

  @Test
  void refusesAnEditOfARowThatIsLoadedInACompletePartition() {
    Loading loading = stoppedAtRow41();
    Slice.Files first = loading.slices.get(1);

    assertRefused(
        loading,
        with(3, "3,ROW" + row(3).substring(5)),
        "partition p1 (" + first.describe() + ") cannot go on: file 'a.csv' was edited after it was"
            + " cut into partitions, and bytes already loaded were changed. Put it back as it was,"
            + " or load it all anew with a new run");
  }

  @Test
  void refusesAnEditOfARowThatIsLoadedInAnUnfinishedPartition() {
    Loading loading = stoppedAtRow41();
    int loaded = loading.loaded.size();
    String last = loading.loaded.get(loaded - 5);
    int row = Integer.parseInt(last.substring(1, last.indexOf(',')));

    folder.with("a.csv", file(with(row, row + ",edited")));

    assertThatThrownBy(loading::check)
        .hasMessageStartingWith("partition p2")
        .hasMessageContaining("bytes already loaded were changed");
  }

  @Test
  void refusesAnEditOfADoneRange() {
    Loading loading = stoppedAtRow41();
    String last = loading.loaded.get(loading.loaded.size() - 1);
    int row = Integer.parseInt(last.substring(1, last.indexOf(',')));

    folder.with("a.csv", file(with(row, row + ",edited")));

    assertThatThrownBy(loading::check)
        .hasMessageStartingWith("partition p2")
        .hasMessageContaining("bytes already loaded were changed");
  }

  @Test
  void refusesARowAppendedToACompletePartition() {
    Loading loading = stoppedAtRow41();
    loading.load(4, 4, chunk -> true);
    folder.with("a.csv", file(with(100, row(100), "101,appended")));

    assertThatThrownBy(loading::check)
        .hasMessageStartingWith("partition p4")
        .hasMessageContaining("records were added to it where all was loaded");
  }

  @Test
  void toleratesTheLineEndThatAnEditorAddsAtTheEndOfTheFile() {
    String rows = file(rows());
    folder.with("a.csv", rows.substring(0, rows.length() - 1));
    Loading loading = new Loading(folder, CsvFolder.count(4));
    loading.load(4, 4, chunk -> true).load(2, 4, chunk -> chunk < 1);

    assertGoesOnWith(loading, with(50, "50,repaired"));
  }

  @Test
  void refusesWhatIsAppendedToALastRecordThatIsLoaded() {
    String rows = file(rows());
    folder.with("a.csv", rows.substring(0, rows.length() - 1));
    Loading loading = new Loading(folder, CsvFolder.count(2));
    loading.load(2, 4, chunk -> chunk != 1);
    folder.with("a.csv", rows.substring(0, rows.length() - 1) + " and more\n");

    assertThatThrownBy(loading::check)
        .hasMessageContaining("a record already loaded goes on in it");
  }

  @Test
  void refusesAFileOfWhichNothingIsFoundAgain() {
    Loading loading = stoppedAtRow41();
    loading.checkpoints.replaceAll((number, old) -> Checkpoint.START);
    folder.with("a.csv", "id,name\n" + "9,other\n".repeat(300));

    assertThatThrownBy(loading::check)
        .hasMessageStartingWith("partition p1")
        .hasMessageContaining("where this partition ends and the next begins is not found in it");
  }

  @Test
  void refusesAQuoteThatRunsIntoLoadedBytes() {
    Loading loading = stoppedAtRow41();
    folder.with("a.csv", file(with(41, "41,\"open")));

    assertThatThrownBy(loading::check)
        .hasMessageStartingWith("partition p2")
        .hasMessageContaining("a record in it now runs into bytes already loaded");
  }

  @Test
  void refusesAQuoteThatRunsOverTheEndOfThePartition() {
    Loading loading = stoppedAtRow41();
    folder.with("a.csv", file(with(60, "60,\"open")));

    assertThatThrownBy(loading::check)
        .hasMessageStartingWith("partition p3")
        .hasMessageContaining("a record in it now runs over the end of this partition");
  }

  @Test
  void refusesAnotherHeader() {
    Loading loading = stoppedAtRow41();
    folder.with("a.csv", file(rows()).replace("id,name", "id,title"));

    assertThatThrownBy(loading::check)
        .hasMessageContaining("its header was changed from 'id,name' to 'id,title'");
  }

  @Test
  void refusesRecordsInAFileThatHadNone() {
    folder.with("a.csv", file(rows())).with("b.csv", "id,name\n");
    Loading loading = new Loading(folder, CsvFolder.count(2));
    folder.with("b.csv", "id,name\n1,new\n");

    assertThatThrownBy(loading::check)
        .hasMessage(
            "file 'b.csv' had no records when the files were cut into partitions, and now it has."
                + " Put it back as it was, or load it all anew with a new run");
  }

  @Test
  void doesNotMissAFileThatWasPutAwayOnceItWasLoaded() throws IOException {
    folder.with("a.csv", file(rows())).with("b.csv", "id,name\n201,b\n");
    Loading loading = new Loading(folder, new PartitionDefinition.File(1));
    loading.load(1, 9, chunk -> true);
    Files.delete(folder.path.resolve("a.csv"));

    loading.check().finish(9);

    assertThat(loading.loaded).hasSize(101);
  }

  @Test
  void missesAFileThatIsNotLoaded() throws IOException {
    folder.with("a.csv", file(rows())).with("b.csv", "id,name\n201,b\n");
    Loading loading = new Loading(folder, new PartitionDefinition.File(1));
    Files.delete(folder.path.resolve("b.csv"));

    assertThatThrownBy(loading::check)
        .hasMessage("file 'b.csv' cannot be read: it does not exist. Put it there");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void movesSlicesOfSeveralFiles(int edited) {
    folder
        .with("1.csv", file(rows().subList(0, 30)))
        .with("2.csv", file(rows().subList(30, 60)))
        .with("3.csv", file(rows().subList(60, 100)));
    Loading loading = new Loading(folder, CsvFolder.single());
    loading.load(1, 8, chunk -> chunk % 3 == 0);
    List<String> rows = new ArrayList<>(rows().subList(0, 30));
    int first = edited == 1 ? 1 : edited == 2 ? 31 : 61;
    int last = edited == 3 ? 100 : first + 29;
    List<String> changed = new ArrayList<>(rows().subList(first - 1, last));
    int row = IntStream.rangeClosed(first, last)
        .filter(i -> !loading.loaded.contains(asRead(List.of(row(i))).get(0)))
        .findFirst()
        .orElseThrow();
    changed.set(row - first, row + ",repaired with a longer line than there was");
    folder.with(edited + ".csv", file(changed));

    loading.check().finish(5);

    rows = new ArrayList<>(rows());
    rows.set(row - 1, row + ",repaired with a longer line than there was");
    assertThat(loading.loaded).containsExactlyInAnyOrderElementsOf(asRead(rows));
  }
}

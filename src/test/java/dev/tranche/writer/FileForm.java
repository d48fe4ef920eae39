package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.definition.WriteDefinition;
import dev.tranche.partition.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * What a file of the {@link FileWorld} is like, and what it must hold in the end.
 *
 * @param ending of its name, which says how it is compressed
 * @param keep whether each partition is a file of its own
 */
record FileForm(String ending, boolean keep, boolean overwrite) {

  private static final byte[] HEADER = "partition,n\n".getBytes(StandardCharsets.UTF_8);

  FinalFile file(Path base, String name) throws UnfitTableException {
    return FinalFile.of(
        base,
        false,
        Rows.csv(
            name + ".csv" + ending,
            keep ? WriteDefinition.Parts.KEEP : WriteDefinition.Parts.JOIN));
  }

  Compression compression() {
    return Compression.of(ending);
  }

  byte[] header() {
    return compression() == Compression.NONE
        ? HEADER
        : new Packing(compression()).begin(HEADER);
  }

  /** Every row once, in the order of the partitions; then it is removed. */
  void assertEachRowOnce(List<Integer> partitions, FinalFile file) throws IOException {
    if (!keep) {
      assertHolds(lines(partitions, 1, partitions.size()), file.path());
    }
    try (Stream<Path> files = Files.list(keep ? file.path() : file.folder())) {
      assertThat(files.map(each -> String.valueOf(each.getFileName())))
          .as("what is there, and nothing else")
          .containsExactlyInAnyOrderElementsOf(
              keep
                  ? IntStream.rangeClosed(1, partitions.size()).mapToObj(file::part).toList()
                  : List.of(String.valueOf(file.path().getFileName())));
    }
    for (int partition = 1; keep && partition <= partitions.size(); partition++) {
      Path part = file.path().resolve(file.part(partition));
      assertHolds(lines(partitions, partition, partition), part);
    }
    assertThat(file.folder().resolve(file.path().getFileName() + ".segments")).doesNotExist();
    FileSystemUtils.deleteRecursively(file.path());
  }

  private static List<String> lines(List<Integer> partitions, int first, int last) {
    List<String> lines = new ArrayList<>(List.of("partition,n"));
    for (int partition = first; partition <= last; partition++) {
      for (int n = 1; n <= partitions.get(partition - 1); n++) {
        lines.add(partition + "," + n);
      }
    }
    return lines;
  }

  private void assertHolds(List<String> expected, Path file) throws IOException {
    List<String> lines;
    try (InputStream bytes = compression().open(file)) {
      lines = new String(bytes.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    assertThat(lines).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(lines.stream().map(line -> line.replaceFirst(",.*", "")))
        .as("in the order of the partitions")
        .isEqualTo(expected.stream().map(line -> line.replaceFirst(",.*", "")).toList());
  }
}

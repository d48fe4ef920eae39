package dev.tranche.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BlockTest {

  private static final List<String> MANY_QUOTES = tokens("x".repeat(21) + ",,,\"\n\r");
  private static final List<String> LONG_QUOTES = Stream.concat(
          tokens("x".repeat(400) + "\n\r".repeat(10)).stream(), Stream.of(",\"", "\","))
      .toList();

  private static List<String> tokens(String letters) {
    return letters.chars().mapToObj(Character::toString).toList();
  }

  /** Composed from any blocks, the file has the states, lines and record starts it has in order. */
  @Property(tries = 150)
  void blocksComposeToWhatReadingInOrderGives(
      @ForAll long seed,
      @ForAll boolean multiline,
      @ForAll @IntRange(min = 1, max = 2000) int longestBlock)
      throws IOException {
    CsvSyntax syntax = new CsvSyntax((byte) ',', (byte) '"', multiline, StandardCharsets.UTF_8);
    Random random = new Random(seed);
    byte[] bytes = bytes(random, random.nextInt(6000));
    Path file = Files.createTempFile("tranche-block", ".csv");
    try {
      Files.write(file, bytes);
      List<String> composed = new ArrayList<>();
      int state = RecordScanner.START;
      long lines = 0;
      for (int from = 0, to; from < bytes.length; from = to) {
        to = Math.min(bytes.length, from + 1 + random.nextInt(longestBlock));
        Block block = Block.scan(syntax, file, from, to);
        long start = block.recordStart(state);
        if (start >= 0) {
          composed.add(start + " after " + (lines + block.linesBeforeRecordStart(state)));
        }
        lines += block.lines();
        state = block.stateAfter(state);
        RecordScanner inOrder = syntax.scanner();
        List<String> starts = starts(inOrder, bytes, to);
        assertThat(state).isEqualTo(inOrder.state());
        assertThat(lines).isEqualTo(inOrder.lineEnds());
        // In a set: most of the test's time went into looking through the list.
        assertThat(new HashSet<>(starts).containsAll(composed))
            .as("%s has all of %s", starts, composed)
            .isTrue();
        assertThat(composed).contains(firstFrom(starts, from, to));
      }
    } finally {
      Files.delete(file);
    }
  }

  private static String firstFrom(List<String> starts, int from, int to) {
    return starts.stream()
        .filter(start -> Integer.parseInt(start.split(" ")[0]) >= from)
        .findFirst()
        .orElse(starts.get(0));
  }

  private static List<String> starts(RecordScanner scanner, byte[] bytes, int to) {
    List<String> starts = new ArrayList<>(List.of("0 after 0"));
    for (int next = 0; (next = scanner.next(bytes, next, to)) >= 0; ) {
      starts.add(next + " after " + scanner.lineEnds());
    }
    return starts;
  }

  private static byte[] bytes(Random random, int length) {
    List<String> tokens = random.nextBoolean() ? MANY_QUOTES : LONG_QUOTES;
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(tokens.get(random.nextInt(tokens.size())));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}

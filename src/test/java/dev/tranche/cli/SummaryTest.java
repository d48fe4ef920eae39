package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.PartitionView;
import dev.tranche.StepView;
import dev.tranche.TallyView;
import dev.tranche.definition.With;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void saysInRedIfItemsAreMissing() {
    assertThat(print(execution("COMPLETED", new TallyView(10, 7, 1, 1), List.of())))
        .contains(
            "\u001b[31m  load: read 10 is not written 7 + filtered 1 + rejected 1: 1 item not"
                + " accounted for. This is a bug in tranche.\u001b[0m\n",
            "\u001b[31m  read 10 is not written 7 + filtered 1 + rejected 1: 1 item not");
  }

  @Test
  void saysInRedIfThereAreTooMany() {
    assertThat(print(execution("COMPLETED", new TallyView(10, 12, 0, 0), List.of())))
        .contains(
            "\u001b[31m  read 10 is not written 12 + filtered 0 + rejected 0: 2 items too many.");
  }

  @Test
  void findsThePartitionThatDoesNotAddUpWhereTheStepDoes() {
    List<PartitionView> partitions = List.of(
        partition("p1", "COMPLETED", new TallyView(5, 6, 0, 0)),
        partition("p2", "COMPLETED", new TallyView(5, 4, 0, 0)));

    assertThat(print(execution("COMPLETED", new TallyView(10, 10, 0, 0), partitions)))
        .contains("\u001b[31m  load/p1: read 5 is not written 6")
        .contains("\u001b[31m  load/p2: read 5 is not written 4")
        .contains("\n  read 10 = written 10 + filtered 0 + rejected 0\n");
  }

  @Test
  void namesWhatIsNotCompleteButNotWithoutEnd() {
    List<PartitionView> partitions = IntStream.rangeClosed(1, 12)
        .mapToObj(i -> partition("p" + i, "STOPPED", new TallyView(0, 0, 0, 0)))
        .toList();

    assertThat(print(execution("STOPPED", new TallyView(0, 0, 0, 0), partitions)))
        .contains(
            "  not complete: load/p1, load/p2, load/p3, load/p4, load/p5, load/p6, load/p7, load/p8,"
                + " load/p9, load/p10 and 2 more\n")
        .contains("To run what is missing:  tranche restart 7\n")
        .startsWith("job: \u001b[33mSTOPPED\u001b[0m (execution 7)\n");
  }

  @Test
  void saysByWhichDefinitionAndWhatChanged() {
    ExecutionView execution =
        new ExecutionView(
            7, "job", "COMPLETED", Map.of(), null, null, TALLY, TALLY, List.of(), List.of(),
            With.NEW, List.of("'chunk.size' of step 'load' was 10 and is 7 now"));

    assertThat(print(execution))
        .contains(
            "(execution 7)\n  by the new definition, as --with new chose\n"
                + "  changed: 'chunk.size' of step 'load' was 10 and is 7 now\n");
  }

  @Test
  void saysNothingOfRowsPerSecondWithoutATime() {
    StepView step = new StepView("load", "COMPLETED", TALLY, TALLY, null, null, List.of());

    assertThat(print(execution("COMPLETED", TALLY, step)))
        .contains("  load  COMPLETED           0     1        1         0         0\n");
  }

  private static final TallyView TALLY = new TallyView(1, 1, 0, 0);

  private static String print(ExecutionView execution) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    new Summary(new Terminal(writer, writer, true, null), "tranche").print(execution);
    return out.toString();
  }

  private static ExecutionView execution(
      String status, TallyView tally, List<PartitionView> partitions) {
    return execution(
        status,
        tally,
        new StepView("load", status, tally, tally, Duration.ofSeconds(1), null, partitions));
  }

  private static ExecutionView execution(String status, TallyView tally, StepView step) {
    return new ExecutionView(
        7, "job", status, Map.of(), null, null, tally, tally, List.of(step), List.of());
  }

  private static PartitionView partition(String name, String status, TallyView tally) {
    return new PartitionView("load", name, status, "", null, 1, tally, null);
  }
}

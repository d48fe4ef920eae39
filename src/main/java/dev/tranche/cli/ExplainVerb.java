package dev.tranche.cli;

import dev.tranche.Tranche.Explanation.StepExplanation;
import dev.tranche.Tranche.Explanation;
import dev.tranche.json.Json;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code explain}: what a run would do. */
@Command(
    name = "explain",
    description = "Show what a run would do: partitions, guarantees, connections, SQL.")
final class ExplainVerb extends DataVerb {

  private static final int SLICES = 10;

  @Parameters(index = "0", paramLabel = "<job>", description = "Name of the job.")
  String job;

  @Parameters(index = "1..*", paramLabel = "<k=v>", description = "Parameters of the job.")
  List<String> assignments = List.of();

  ExplainVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    Explanation explanation = tranche().explain(job, Assignments.parse(spec, assignments));
    if (json) {
      print(Json.text(Json.explanation(explanation)));
      return ExitCode.COMPLETED;
    }
    String parameters = Words.parameters(explanation.parameters());
    print(explanation.job() + (parameters.isEmpty() ? "" : " with " + parameters));
    explanation.steps().forEach(this::show);
    return ExitCode.COMPLETED;
  }

  private void show(StepExplanation step) {
    print("");
    print(step.step());
    line("reads", step.reads());
    line("writes", step.writes());
    line(
        "cut into",
        Words.count(step.partitions(), "partition") + ", on " + Words.count(step.lanes(), "lane"));
    step.slices().stream().limit(SLICES).forEach(slice -> line("", slice));
    if (step.slices().size() > SLICES) {
      line("", "and " + Words.number(step.slices().size() - SLICES) + " more");
    }
    line("chunks", step.chunks());
    line("guarantee", step.guarantee());
    line("needs", connections(step));
    step.sql().stream().limit(SLICES).forEach(sql -> line("SQL", sql));
    if (step.sql().size() > SLICES) {
      line("", "and " + Words.number(step.sql().size() - SLICES) + " more, with --json");
    }
    step.notes().forEach(note -> line("note", note));
  }

  private static String connections(StepExplanation step) {
    return step.connections().entrySet().stream()
        .map(it -> Words.count(it.getValue(), "connection") + " to " + it.getKey())
        .collect(Collectors.joining(", "));
  }

  private void line(String name, String text) {
    if (!text.isEmpty()) {
      print(String.format("  %-10s %s", name, text));
    }
  }
}

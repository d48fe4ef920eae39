package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.TallyView;
import dev.tranche.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code executions}: what ran, newest first. */
@Command(name = "executions", description = "List executions, newest first.")
final class ExecutionsVerb extends DataVerb {

  @Parameters(arity = "0..1", paramLabel = "<job>", description = "Those of this job only.")
  @Nullable String job;

  @Option(
      names = "--limit",
      paramLabel = "<n>",
      defaultValue = "20",
      description = "How many at most (${DEFAULT-VALUE}).")
  int limit;

  ExecutionsVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireAtLeast(1, "--limit", limit);
    List<ExecutionView> executions = tranche().executions(job, limit);
    if (json) {
      print(Json.text(Json.list(executions, Json::execution)));
    } else if (executions.isEmpty()) {
      print(job == null ? "Nothing ran yet." : job + " did not run yet.");
    } else {
      print(table(executions));
    }
    return ExitCode.COMPLETED;
  }

  private static Table table(List<ExecutionView> executions) {
    Table table = new Table(
        "execution",
        "job",
        "status",
        "started",
        "ended",
        "read",
        "written",
        "filtered",
        "rejected",
        "parameters");
    for (ExecutionView it : executions) {
      TallyView tally = it.tally();
      table.add(
          it.execution(),
          it.job(),
          it.status(),
          Words.time(it.started()),
          Words.time(it.ended()),
          tally.read(),
          tally.written(),
          tally.filtered(),
          tally.rejected(),
          Words.parameters(it.parameters()));
    }
    return table;
  }
}

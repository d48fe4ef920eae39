package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code show}: one execution, with its steps. */
@Command(name = "show", description = "Show an execution: steps, sums, failures, what to do next.")
final class ShowVerb extends DataVerb {

  @Parameters(paramLabel = "<execution>", description = "Id of the execution.")
  long execution;

  ShowVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    ExecutionView shown = tranche().show(execution);
    if (json) {
      print(Json.text(Json.executionWithSteps(shown)));
    } else {
      new Summary(terminal(), session.command()).print(shown);
    }
    return ExitCode.COMPLETED;
  }
}

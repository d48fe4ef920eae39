package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code abandon}: gives an execution up. */
@Command(
    name = "abandon",
    description = "Give an execution up: its instance cannot be restarted any more.")
final class AbandonVerb extends ActingVerb {

  @Parameters(paramLabel = "<execution>", description = "Id of the execution.")
  long execution;

  AbandonVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    ExecutionView given = actor().abandon(execution);
    print(
        json
            ? Json.text(Json.execution(given))
            : "Execution " + given.execution() + " of " + given.job() + " is " + given.status()
                + ".");
    return ExitCode.COMPLETED;
  }
}

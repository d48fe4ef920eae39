package dev.tranche.cli;

import dev.tranche.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code stop}: asks an execution to end at its next commit. */
@Command(
    name = "stop",
    description = {
      "Ask an execution to end at its next commit, wherever it runs.",
      "Returns at once; the execution ends STOPPED and can be restarted."
    })
final class StopVerb extends ActingVerb {

  @Parameters(paramLabel = "<execution>", description = "Id of the execution.")
  long execution;

  StopVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    actor().stop(execution);
    print(
        json
            ? Json.text(Json.asked(execution))
            : "Execution " + execution + " was asked to stop; it ends at its next commit.");
    return ExitCode.COMPLETED;
  }
}

package dev.tranche.cli;

import dev.tranche.Tranche.Recovery;
import dev.tranche.json.Json;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code recover}: settles executions whose process is dead. */
@Command(
    name = "recover",
    description = {
      "Settle the executions of dead processes, so that they can be restarted.",
      "A process on another machine counts as dead once its lease stood still."
    })
final class RecoverVerb extends DataVerb {

  RecoverVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    List<Recovery> found = tranche().recover();
    if (json) {
      print(Json.text(Json.list(found, Json::recovery)));
    } else if (found.isEmpty()) {
      print("Nothing to recover: no execution belongs to a dead process.");
    } else {
      Table table = new Table("execution", "job", "settled", "outcome");
      found.forEach(
          it -> table.add(it.execution(), it.job(), it.settled() ? "yes" : "no", it.outcome()));
      print(table);
    }
    return ExitCode.COMPLETED;
  }
}

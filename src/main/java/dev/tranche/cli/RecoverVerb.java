package dev.tranche.cli;

import dev.tranche.Tranche;
import dev.tranche.Tranche.Recovery;
import dev.tranche.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code recover}: settles executions whose process is dead. */
@Command(
    name = "recover",
    description = {
      "Settle the executions of dead processes, so that they can be restarted.",
      "A process on another machine counts as dead once its lease stood still.",
      "An execution of a job that has no job file is only settled if it is named, and then without a"
          + " question: nobody but you can know that its process is dead."
    })
final class RecoverVerb extends ActingVerb {

  @Parameters(
      arity = "0..1",
      paramLabel = "<execution>",
      description = "This one only; all that can be told to be dead, if there is none.")
  @Nullable Long execution;

  RecoverVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    Tranche actor = actor();
    List<Recovery> found =
        execution == null ? actor.recover() : List.of(actor.recover(execution));
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

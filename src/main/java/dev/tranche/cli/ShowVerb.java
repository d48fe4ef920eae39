package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.RejectGroupView;
import dev.tranche.Tranche;
import dev.tranche.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    Tranche tranche = tranche();
    ExecutionView shown = tranche.show(execution);
    List<RejectGroupView> groups =
        shown.tally().rejected() == 0 ? List.of() : tranche.rejectGroups(execution);
    if (json) {
      Map<String, @Nullable Object> all = Json.executionWithSteps(shown);
      all.put("rejectGroups", Json.list(groups, Json::rejectGroup));
      print(Json.text(all));
    } else {
      new Summary(terminal(), session.command()).print(shown, groups);
    }
    return ExitCode.COMPLETED;
  }
}

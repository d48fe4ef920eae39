package dev.tranche.cli;

import dev.tranche.PartitionView;
import dev.tranche.TallyView;
import dev.tranche.json.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code partitions}: how far each partition of an instance is. */
@Command(name = "partitions", description = "List the partitions of an execution's instance.")
final class PartitionsVerb extends DataVerb {

  @Parameters(paramLabel = "<execution>", description = "Id of an execution of the instance.")
  long execution;

  PartitionsVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    List<PartitionView> partitions = tranche().partitions(execution);
    if (json) {
      print(Json.text(Json.list(partitions, Json::partition)));
    } else {
      print(table(partitions));
    }
    return ExitCode.COMPLETED;
  }

  private static Table table(List<PartitionView> partitions) {
    Table table = new Table(
        "partition",
        "status",
        "attempts",
        "read",
        "written",
        "filtered",
        "rejected",
        "position",
        "slice",
        "failure");
    for (PartitionView it : partitions) {
      TallyView tally = it.tally();
      table.add(
          it.step() + "/" + it.name(),
          it.status(),
          it.attempts(),
          tally.read(),
          tally.written(),
          tally.filtered(),
          tally.rejected(),
          it.position(),
          it.slice(),
          Words.shortened(it.failure()));
    }
    return table;
  }
}

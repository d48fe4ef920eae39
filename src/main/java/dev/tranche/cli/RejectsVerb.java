package dev.tranche.cli;

import dev.tranche.RejectView;
import dev.tranche.json.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rejects}: the items set aside, and why. */
@Command(name = "rejects", description = "List the rejected items of an execution's instance.")
final class RejectsVerb extends DataVerb {

  @Parameters(paramLabel = "<execution>", description = "Id of an execution of the instance.")
  long execution;

  @Option(
      names = "--limit",
      paramLabel = "<n>",
      defaultValue = "100",
      description = "How many at most (${DEFAULT-VALUE}).")
  int limit;

  @Option(
      names = "--offset",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "How many to leave out at the beginning.")
  int offset;

  RejectsVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireAtLeast(1, "--limit", limit);
    requireAtLeast(0, "--offset", offset);
    List<RejectView> rejects = tranche().rejects(execution, offset, limit);
    if (json) {
      print(Json.text(Json.list(rejects, Json::reject)));
    } else if (rejects.isEmpty()) {
      print("No item was rejected.");
    } else {
      rejects.forEach(this::show);
    }
    return ExitCode.COMPLETED;
  }

  private void show(RejectView it) {
    String column = it.column() == null ? "" : ", column " + it.column();
    print(it.source() + ":" + it.line() + column + " (" + it.step() + "/" + it.partition() + ")");
    print("  " + it.message());
    print("  " + it.original());
  }
}

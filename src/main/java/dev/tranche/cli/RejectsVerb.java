package dev.tranche.cli;

import dev.tranche.RejectGroupView;
import dev.tranche.RejectView;
import dev.tranche.json.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code rejects}: the items set aside, and why; and what runs them again. */
@Command(
    name = "rejects",
    description = {
      "List the rejected items of an execution's instance, or run them again.",
      "Items that were run again say by which execution; what is rejected again is listed there."
    })
final class RejectsVerb extends ActingVerb {

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

  @Option(names = "--groups", description = "Show kinds of errors, with counts and samples.")
  boolean groups;

  @Option(
      names = "--redrive",
      description = "Run the items again that were not run again yet, through the job as its file"
          + " is now, and wait for the end.")
  boolean redrive;

  @Option(
      names = "--fail-on-rejects",
      description = "With --redrive: exit with 5 if items were rejected again.")
  boolean failOnRejects;

  RejectsVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireAtLeast(1, "--limit", limit);
    requireAtLeast(0, "--offset", offset);
    if (redrive && groups) {
      throw new ParameterException(
          spec.commandLine(), "--redrive runs items and --groups lists them; give one of them.");
    }
    if (comment != null && !redrive) {
      throw new ParameterException(
          spec.commandLine(), "--comment says why items are run again: add --redrive.");
    }
    if (redrive) {
      return conclude(
          watch(actor(), (tranche, progress) -> tranche.redrive(execution, progress)), json, failOnRejects);
    }
    if (groups) {
      showGroups(tranche().rejectGroups(execution));
    } else {
      showAll(tranche().rejects(execution, offset, limit));
    }
    return ExitCode.COMPLETED;
  }

  private void showAll(List<RejectView> rejects) {
    if (json) {
      print(Json.text(Json.list(rejects, Json::reject)));
    } else if (rejects.isEmpty()) {
      print("No item was rejected.");
    } else {
      rejects.forEach(this::show);
    }
  }

  private void show(RejectView it) {
    String taken = it.takenBy() == null ? "" : ", run again by execution " + it.takenBy();
    print(Words.place(it) + " (" + it.step() + "/" + it.partition() + ")" + taken);
    print("  " + it.message());
    print("  " + it.original());
  }

  private void showGroups(List<RejectGroupView> found) {
    if (json) {
      print(Json.text(Json.list(found, Json::rejectGroup)));
    } else if (found.isEmpty()) {
      print("No item was rejected.");
    } else {
      found.forEach(group -> Words.lines(group).forEach(this::print));
    }
  }
}

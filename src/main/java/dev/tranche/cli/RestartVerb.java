package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.Tranche.RestartPlan;
import dev.tranche.Tranche;
import dev.tranche.definition.Change;
import dev.tranche.definition.With;
import dev.tranche.json.Json;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code restart}: runs what is missing of an instance. */
@Command(
    name = "restart",
    description = {
      "Run what is missing of an instance, and wait for its end.",
      "Any execution of the instance will do. Complete partitions are kept; the others go on from"
          + " their last commit."
    })
final class RestartVerb extends ActingVerb {

  @Parameters(paramLabel = "<execution>", description = "Id of an execution of the instance.")
  long execution;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "<step/partition>",
      description = "Run these partitions only, such as load/p3,load/p7; then the run ends STOPPED"
          + " if others are missing.")
  Set<String> only = new LinkedHashSet<>();

  @Option(
      names = "--with",
      paramLabel = "old|new",
      description = "Go on by the definition the run went by, or by the one in the job file, where"
          + " that was edited in between.")
  @Nullable With with;

  @Option(
      names = "--plan",
      description = "Show what would run and what would be kept; run nothing.")
  boolean plan;

  @Option(names = "--fail-on-rejects", description = "Exit with 5 if items were rejected.")
  boolean failOnRejects;

  @Option(
      names = "--wait",
      description = "With --server: wait for its end, as without --server.")
  boolean wait;

  RestartVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    if (plan) {
      show(tranche().plan(execution, only, with));
      return ExitCode.COMPLETED;
    }
    Tranche actor = actor();
    if (server != null && !wait) {
      return begun(actor.start(execution, only, with));
    }
    ExecutionView restarted =
        watch(actor, (tranche, progress) -> tranche.restart(execution, only, with, progress));
    return conclude(restarted, json, failOnRejects);
  }

  private static String effect(Change change) {
    return switch (change.effect()) {
      case HARMLESS -> "takes effect: ";
      case DECISION -> "needs --with old or --with new: ";
      case IMPOSSIBLE -> "cannot change in mid-run: ";
    };
  }

  private void show(RestartPlan plan) {
    if (json) {
      print(Json.text(Json.plan(plan)));
      return;
    }
    Table table = new Table("partition", "action", "from", "why");
    plan.decisions()
        .forEach(it -> table.add(
            it.step() + "/" + it.partition(), it.action(), it.from(), Words.shortened(it.why())));
    print(plan.job() + ": what a restart of execution " + plan.execution() + " would do");
    print(table);
    plan.changes().forEach(change -> print(effect(change) + change));
    if (plan.refusal() != null) {
      print(Hints.typable("It would be refused:\n" + plan.refusal(), session.command()));
    }
  }
}

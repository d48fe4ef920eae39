package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.Tranche;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run}: starts a job instance that never ran. */
@Command(
    name = "run",
    description = {
      "Run a job and wait for its end.",
      "A job with the same identifying parameters runs once: what failed or was stopped is taken up"
          + " with restart, and a complete one starts over only with --new."
    })
final class RunVerb extends ActingVerb {

  @Parameters(index = "0", paramLabel = "<job>", description = "Name of the job.")
  String job;

  @Parameters(index = "1..*", paramLabel = "<k=v>", description = "Parameters of the job.")
  List<String> assignments = List.of();

  @Option(
      names = "--new",
      description = "Start over: adds an identifying parameter run.id to the others.")
  boolean anew;

  @Option(names = "--fail-on-rejects", description = "Exit with 5 if items were rejected.")
  boolean failOnRejects;

  @Option(
      names = "--wait",
      description = "With --server: wait for its end, as without --server.")
  boolean wait;

  RunVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    Map<String, String> parameters = Assignments.parse(spec, assignments);
    Tranche actor = actor();
    if (server != null && !wait) {
      return begun(actor.start(job, parameters, anew));
    }
    ExecutionView execution =
        watch(actor, (tranche, progress) -> tranche.run(job, parameters, anew, progress));
    return conclude(execution, json, failOnRejects);
  }
}

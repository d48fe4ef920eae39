package dev.tranche.cli;

import dev.tranche.PurgeRule;
import dev.tranche.PurgeView;
import dev.tranche.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code purge}: removes what ran long ago. */
@Command(
    name = "purge",
    description = {
      "Remove old job instances, with their executions, checkpoints and rejects.",
      "One goes if it is older than --days and not among the --last of its job. The last good one of a"
          + " job stays, and so does what runs, or has rejects that nobody has run again. Without"
          + " options, tranche.retention says what goes."
    })
final class PurgeVerb extends ActingVerb {

  private static final List<String> STATUSES =
      List.of("COMPLETED", "FAILED", "STOPPED", "ABANDONED");
  private static final int DAYS = 90;
  private static final int LAST = 10;

  @Parameters(arity = "0..1", paramLabel = "<job>", description = "Those of this job only.")
  @Nullable String job;

  @Option(
      names = "--status",
      paramLabel = "<status>",
      split = ",",
      description = "COMPLETED, FAILED, STOPPED, ABANDONED; all, if there is none.")
  List<String> statuses = List.of();

  @Option(
      names = "--days",
      paramLabel = "<n>",
      description = "Keep what ended less than so many days ago (" + DAYS + ").")
  @Nullable Integer days;

  @Option(
      names = "--last",
      paramLabel = "<n>",
      description = "Keep the last so many of each job and status (" + LAST + ").")
  @Nullable Integer last;

  @Option(
      names = "--open-rejects",
      description = "Also what has rejects that nobody has run again; they go with it.")
  boolean openRejects;

  @Option(names = "--dry-run", description = "Only tell what would be removed.")
  boolean dryRun;

  PurgeVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    PurgeView purged = actor().purge(job, rule(), dryRun);
    if (json) {
      print(Json.text(Json.purge(purged)));
      return ExitCode.COMPLETED;
    }
    tellRemoved(purged.jobs());
    tellKept(purged.kept());
    return ExitCode.COMPLETED;
  }

  private void tellRemoved(List<PurgeView.Purged> jobs) {
    if (jobs.isEmpty()) {
      print("Nothing to remove.");
      return;
    }
    Table table = new Table("job", "status", "instances", "executions");
    jobs.forEach(it -> table.add(it.job(), it.status(), it.instances(), it.executions()));
    print(dryRun ? "Would be removed:" : "Removed:");
    print(table);
  }

  private void tellKept(List<PurgeView.Kept> kept) {
    if (kept.isEmpty()) {
      return;
    }
    Table table = new Table("job", "status", "instances", "rejects");
    kept.forEach(it -> table.add(it.job(), it.status(), it.instances(), it.rejects()));
    print("Kept, for rejects that nobody has run again (rejects <execution> --redrive; or purge"
        + " --open-rejects):");
    print(table);
  }

  /** Null if no option says otherwise than the settings. */
  private @Nullable PurgeRule rule() {
    if (days == null && last == null && statuses.isEmpty() && !openRejects) {
      return null;
    }
    int olderThan = days == null ? DAYS : days;
    int keep = last == null ? LAST : last;
    requireAtLeast(0, "--days", olderThan);
    requireAtLeast(0, "--last", keep);
    Map<String, PurgeRule.Keep> rule = new HashMap<>();
    for (String status : statuses.isEmpty() ? STATUSES : statuses) {
      String word = status.strip().toUpperCase(Locale.ROOT);
      if (!STATUSES.contains(word)) {
        throw new ParameterException(
            spec.commandLine(),
            "--status is " + status + "; it must be one of " + String.join(", ", STATUSES) + ".");
      }
      rule.put(word, new PurgeRule.Keep(olderThan, keep));
    }
    return new PurgeRule(rule, openRejects);
  }
}

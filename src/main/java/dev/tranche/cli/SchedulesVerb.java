package dev.tranche.cli;

import dev.tranche.FireView;
import dev.tranche.ScheduleView;
import dev.tranche.Schedules;
import dev.tranche.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code schedules}: when jobs run by themselves, and what did not run. */
@Command(
    name = "schedules",
    description = {
      "List the schedules: the next fires, and those that did not become runs.",
      "With a job: that one only, or what is to become of it. A service carries it out."
    })
final class SchedulesVerb extends ActingVerb {

  @Parameters(arity = "0..1", paramLabel = "<job>", description = "That job only.")
  @Nullable String job;

  @ArgGroup(heading = "%nOne of these, with a job:%n")
  @Nullable Change change;

  @Option(
      names = "--limit",
      paramLabel = "<n>",
      defaultValue = "5",
      description = "How many next fires, and how many that did not run, of each (${DEFAULT-VALUE}).")
  int limit;

  /** What is to become of a schedule. */
  static final class Change {

    @Option(names = "--pause", description = "From now on it fires no runs.")
    boolean pause;

    @Option(names = "--resume", description = "It fires runs again; what fell due meanwhile stays out.")
    boolean resume;

    @Option(names = "--fire", description = "Fire once, now.")
    boolean fire;

    @Option(names = "--skip-next", description = "The next fire becomes no run.")
    boolean skipNext;
  }

  SchedulesVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireAtLeast(1, "--limit", limit);
    if (change != null && job == null) {
      throw new ParameterException(spec.commandLine(), "Name the job whose schedule that is for.");
    }
    Schedules schedules = actor().schedules();
    if (change != null && job != null) {
      change(schedules, job, change);
    } else {
      show(schedules);
    }
    return ExitCode.COMPLETED;
  }

  private void change(Schedules schedules, String name, Change asked) {
    if (asked.pause) {
      schedules.pause(name);
      say(name, "The schedule of " + name + " is paused. Go on with --resume.", null);
    } else if (asked.resume) {
      schedules.resume(name);
      say(name, "The schedule of " + name + " goes on.", null);
    } else if (asked.fire) {
      FireView fire = schedules.fireNow(name);
      say(name, "A fire of " + name + " is queued: scheduled-at=" + fire.time()
          + ". A service runs it.", fire);
    } else {
      FireView fire = schedules.skipNext(name);
      say(name, "The fire of " + name + " at " + fire.time() + " is skipped.", fire);
    }
  }

  private void say(String name, String words, @Nullable FireView fire) {
    if (!json) {
      print(words);
      return;
    }
    print(Json.text(fire == null ? Json.schedule(only(tranche().schedules(), name)) : Json.fire(fire)));
  }

  private ScheduleView only(Schedules schedules, String name) {
    return schedules.list(limit, limit).stream()
        .filter(view -> view.job().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the schedule of " + name + " is gone"));
  }

  private void show(Schedules schedules) {
    List<ScheduleView> found = schedules.list(limit, limit).stream()
        .filter(view -> job == null || view.job().equals(job))
        .toList();
    if (json) {
      print(Json.text(Json.list(found, Json::schedule)));
    } else if (found.isEmpty()) {
      print(job == null ? "No job has a schedule." : job + " has no schedule.");
    } else {
      print(table(found));
      printFires("In work:", found.stream().flatMap(view -> view.open().stream()).toList());
      printFires("Became no runs:", found.stream().flatMap(view -> view.fallen().stream()).toList());
    }
  }

  private static Table table(List<ScheduleView> found) {
    Table table =
        new Table("job", "times", "zone", "missed", "overlap", "paused", "last run", "next");
    for (ScheduleView view : found) {
      FireView last = view.last();
      table.add(
          view.job(),
          view.times(),
          view.zone(),
          view.missed(),
          view.overlap(),
          view.paused() ? "yes" : "no",
          last == null ? "" : last.time(),
          view.next().isEmpty() ? "never" : view.next().get(0));
      view.next().stream()
          .skip(1)
          .forEach(next -> table.add("", "", "", "", "", "", "", next));
    }
    return table;
  }

  private void printFires(String heading, List<FireView> fires) {
    if (fires.isEmpty()) {
      return;
    }
    print("");
    print(heading);
    Table table = new Table("job", "time", "state", "execution", "reason");
    fires.forEach(it ->
        table.add(it.job(), it.time(), it.state(), it.execution(), Words.shortened(it.reason())));
    print(table);
  }
}

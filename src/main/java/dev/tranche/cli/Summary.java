package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.PartitionView;
import dev.tranche.RejectGroupView;
import dev.tranche.StepView;
import dev.tranche.TallyView;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells people what an execution did, whether it adds up, and what to type next. */
final class Summary {

  private static final int NAMED = 10;

  private final Terminal terminal;
  private final String command;

  /** @param command what users type before a verb */
  Summary(Terminal terminal, String command) {
    this.terminal = terminal;
    this.command = command;
  }

  void print(ExecutionView execution) {
    print(execution, List.of());
  }

  /** @param rejects of its instance, by kind of error */
  void print(ExecutionView execution, List<RejectGroupView> rejects) {
    headline(execution);
    definition(execution);
    if (!execution.steps().isEmpty()) {
      terminal.out().println();
      steps(execution).lines().forEach(line -> terminal.out().println("  " + line));
      terminal.out().println();
      reconcile(execution);
      execution.steps().forEach(this::target);
    }
    execution.failures().forEach(failure -> terminal.out().println("  " + terminal.red(failure)));
    incomplete(execution);
    rejects.stream()
        .limit(NAMED)
        .flatMap(group -> Words.lines(group).stream())
        .forEach(line -> terminal.out().println("  " + line));
    next(execution);
    terminal.out().flush();
  }

  private void headline(ExecutionView execution) {
    StringBuilder line = new StringBuilder(execution.job()).append(": ");
    line.append(status(execution.status()));
    if (execution.started() != null && execution.ended() != null) {
      Duration took = Duration.between(execution.started(), execution.ended());
      line.append(" after ").append(Words.duration(took));
    }
    line.append(" (execution ").append(execution.execution()).append(")");
    if (!execution.parameters().isEmpty()) {
      line.append(" with ").append(Words.parameters(execution.parameters()));
    }
    terminal.out().println(line);
  }

  /** By which definition, if the job file was edited after the run began. */
  private void definition(ExecutionView execution) {
    if (execution.with() != null) {
      String chosen = execution.with().name().toLowerCase(Locale.ROOT);
      terminal.out().println("  by the " + chosen + " definition, as --with " + chosen + " chose");
    }
    execution.changes().forEach(change -> terminal.out().println("  changed: " + change));
  }

  private static Table steps(ExecutionView execution) {
    Table table = new Table(
        "step", "status", "partitions", "read", "written", "filtered", "rejected", "rows/s");
    for (StepView step : execution.steps()) {
      TallyView tally = step.tally();
      Duration took = step.duration();
      table.add(
          step.name(),
          step.status(),
          partitions(step),
          tally.read(),
          tally.written(),
          tally.filtered(),
          tally.rejected(),
          took == null ? "" : Words.perSecond(step.thisExecution().read(), took));
    }
    return table;
  }

  /** {@code 8}, or {@code 7 of 8} while some are not complete. */
  private static String partitions(StepView step) {
    long complete = step.partitions().stream().filter(Summary::isComplete).count();
    String all = Words.number(step.partitions().size());
    return complete == step.partitions().size() ? all : Words.number(complete) + " of " + all;
  }

  private static boolean isComplete(PartitionView partition) {
    return partition.status().equals("COMPLETED");
  }

  /** Says the sum in any case: what is right must be seen to be right. */
  private void reconcile(ExecutionView execution) {
    for (StepView step : execution.steps()) {
      for (PartitionView partition : step.partitions()) {
        if (Words.missing(partition.tally()) != 0) {
          reconcile(step.name() + "/" + partition.name() + ": ", partition.tally());
        }
      }
      if (Words.missing(step.tally()) != 0) {
        reconcile(step.name() + ": ", step.tally());
      }
    }
    reconcile("", execution.tally());
    TallyView mine = execution.thisExecution();
    if (!mine.equals(execution.tally())) {
      reconcile("of these, execution " + execution.execution() + " itself: ", mine);
    }
  }

  private void reconcile(String what, TallyView tally) {
    long missing = Words.missing(tally);
    String line = "  " + what + "read " + sum(tally, missing == 0 ? " = " : " is not ");
    terminal.out().println(missing == 0 ? line : terminal.red(line + unaccounted(missing)));
  }

  private static String sum(TallyView tally, String sign) {
    return Words.number(tally.read())
        + sign
        + "written "
        + Words.number(tally.written())
        + " + filtered "
        + Words.number(tally.filtered())
        + " + rejected "
        + Words.number(tally.rejected());
  }

  private static String unaccounted(long missing) {
    return missing > 0
        ? ": " + Words.count(missing, "item") + " not accounted for. This is a bug in tranche."
        : ": " + Words.count(-missing, "item") + " too many. This is a bug in tranche.";
  }

  private void target(StepView step) {
    if (step.target() != null) {
      terminal.out().println("  " + step.name() + ": the data is in " + step.target());
    }
  }

  private void incomplete(ExecutionView execution) {
    List<String> names = execution.steps().stream()
        .flatMap(step -> step.partitions().stream())
        .filter(partition -> !isComplete(partition))
        .map(partition -> partition.step() + "/" + partition.name())
        .toList();
    if (!names.isEmpty()) {
      String more =
          names.size() > NAMED ? " and " + Words.number(names.size() - NAMED) + " more" : "";
      String named = names.stream().limit(NAMED).collect(Collectors.joining(", "));
      terminal.out().println("  not complete: " + named + more);
    }
  }

  private void next(ExecutionView execution) {
    long id = execution.execution();
    if (execution.tally().rejected() > 0) {
      advise("Rejected items:", "rejects " + id);
    }
    if (execution.status().equals("FAILED") || execution.status().equals("STOPPED")) {
      advise("To run what is missing:", "restart " + id);
      advise("To see first what that is:", "restart " + id + " --plan");
    }
  }

  private void advise(String reason, String verb) {
    terminal.out().println(reason + "  " + command + " " + verb);
  }

  private String status(String status) {
    return switch (status) {
      case "COMPLETED" -> terminal.green(status);
      case "FAILED" -> terminal.red(status);
      default -> terminal.yellow(status);
    };
  }
}

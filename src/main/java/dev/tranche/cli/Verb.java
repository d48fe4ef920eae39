package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.json.Json;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A verb of the command line: options, one call of the door, and what is printed of the answer. */
abstract class Verb implements Callable<Integer> {

  @Spec
  CommandSpec spec;

  @Option(names = "--verbose", description = "Print log lines and stack traces.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  @Option(
      names = "--server",
      paramLabel = "<url>",
      description = "Ask the service at this address, as the user in TRANCHE_USER, with the password"
          + " in TRANCHE_PASSWORD.")
  @Nullable URI server;

  final Session session;

  Verb(Session session) {
    this.session = session;
  }

  final Tranche tranche() {
    return server == null ? session.doorway().open(verbose) : remote(server, null);
  }

  final Tranche remote(URI server, @Nullable String comment) {
    if (!Endpoint.isHttp(server)) {
      throw new ParameterException(
          spec.commandLine(),
          "--server is '" + server + "'; it must be an address such as http://localhost:8080.");
    }
    return new RemoteTranche(Endpoint.of(server), comment);
  }

  final Terminal terminal() {
    return session.terminal();
  }

  /** Refuses a number that makes no sense. */
  final void requireAtLeast(int least, String option, int number) {
    if (number < least) {
      throw new ParameterException(
          spec.commandLine(), option + " is " + number + "; it must be at least " + least + ".");
    }
  }

  final void print(String line) {
    terminal().out().println(line);
    terminal().out().flush();
  }

  final void print(Table table) {
    table.lines().forEach(line -> terminal().out().println(line));
    terminal().out().flush();
  }

  /** Waits for a run, shows how far it is, and stops it at a signal. */
  final ExecutionView watch(
      Tranche tranche, BiFunction<Tranche, RunObserver, ExecutionView> run) {
    Progress progress = new Progress(terminal(), session.clock());
    try {
      return session.signals().during(() -> run.apply(tranche, progress), tranche::stopAll);
    } finally {
      terminal().clearStatus();
    }
  }

  /** Prints what a run came to, and says with which code to exit. */
  final int conclude(ExecutionView execution, boolean json, boolean failOnRejects) {
    if (json) {
      print(Json.text(Json.executionWithSteps(execution)));
    } else {
      new Summary(terminal(), session.command()).print(execution);
    }
    return session.signals().exitCode(ExitCode.of(execution, failOnRejects));
  }
}

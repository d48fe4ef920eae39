package dev.tranche.cli;

import dev.tranche.Tranche;
import dev.tranche.definition.Problem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;

/** The command line before a door, with what it prints kept. */
final class CommandLineFixture {

  final StringWriter out = new StringWriter();
  final StringWriter err;
  private final Session session;

  private CommandLineFixture(Tranche tranche, boolean together, List<Problem> problems) {
    err = together ? out : new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false, null);
    Doorway doorway = new Doorway() {
      @Override
      public Tranche open(boolean verbose) {
        return tranche;
      }

      @Override
      public Service serve(boolean verbose) {
        throw new AssertionError("no service");
      }

      @Override
      public List<Problem> lint(List<Path> files) {
        return problems;
      }

      @Override
      public String schema() {
        return "{}";
      }
    };
    InstantSource clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    session = new Session(
        "java -jar target/tranche-exec.jar", terminal, doorway, new Signals(terminal), clock);
  }

  static CommandLineFixture before(Tranche tranche) {
    return new CommandLineFixture(tranche, false, List.of());
  }

  /** As a user sees it in a terminal: both streams as one. */
  static CommandLineFixture inTerminal(Tranche tranche, Problem... problems) {
    return new CommandLineFixture(tranche, true, List.of(problems));
  }

  int type(String... words) {
    return TrancheCommand.commandLine(session).execute(words);
  }
}

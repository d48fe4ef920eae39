package dev.tranche.cli;

import dev.tranche.RefusedException;
import dev.tranche.UntoldException;
import dev.tranche.definition.InvalidDefinitionException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into words on standard error and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final Session session;

  Failures(Session session) {
    this.session = session;
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] args) {
    PrintWriter err = session.terminal().err();
    CommandLine at = wrong.getCommandLine();
    err.println(wrong.getMessage());
    UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("Help:  " + at.getCommandSpec().qualifiedName(" ") + " --help");
    err.flush();
    return ExitCode.WRONG_USAGE;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine at, ParseResult parsed) {
    if (failure instanceof ParameterException wrong) {
      return handleParseException(wrong, new String[0]);
    }
    PrintWriter err = session.terminal().err();
    boolean verbose = at.getCommand() instanceof Verb verb && verb.verbose;
    int code = say(failure, err, verbose);
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return session.signals().exitCode(code);
  }

  private int say(Exception failure, PrintWriter err, boolean verbose) {
    if (failure instanceof InvalidDefinitionException invalid) {
      invalid.problems().forEach(err::println);
      return ExitCode.WRONG_USAGE;
    }
    if (failure instanceof RefusedException refused) {
      err.println(Hints.typable(String.valueOf(refused.getMessage()), session.command()));
      return ExitCode.REFUSED;
    }
    if (failure instanceof UntoldException untold) {
      err.println(Hints.typable(String.valueOf(untold.getMessage()), session.command()));
      return ExitCode.FAILED;
    }
    if (failure instanceof RemoteException remote) {
      err.println(Hints.typable(String.valueOf(remote.getMessage()), session.command()));
      return remote.exitCode();
    }
    if (failure instanceof StartException) {
      err.println(failure.getMessage());
      return ExitCode.FAILED;
    }
    err.println("Failed: " + failure);
    if (!verbose) {
      err.println("Once more with --verbose prints the stack trace.");
    }
    return ExitCode.FAILED;
  }
}

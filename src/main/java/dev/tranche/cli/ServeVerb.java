package dev.tranche.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code serve}: runs until a signal ends it. */
@Command(
    name = "serve",
    description = {
      "Run as a service: fires schedules, settles and restarts what dead processes left, and watches"
          + " the job files.",
      "Any number of services may share a database; each fire happens once. SIGTERM or Ctrl-C lets"
          + " what runs end at its next commit."
    })
final class ServeVerb extends Verb {

  ServeVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    if (server != null) {
      throw new ParameterException(
          spec.commandLine(), "serve is a service itself; it asks none. Leave --server out.");
    }
    Service service = session.doorway().serve(verbose);
    session.signals().during(() -> untilStopped(service), service::stop);
    return session.signals().exitCode(ExitCode.COMPLETED);
  }

  private Service untilStopped(Service service) {
    terminal().err().println("Tranche serves. SIGTERM or Ctrl-C ends it.");
    terminal().err().flush();
    service.awaitStop();
    return service;
  }
}

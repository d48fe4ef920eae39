package dev.tranche.cli;

import picocli.CommandLine.Command;

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

package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.Tranche;
import dev.tranche.json.Json;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A verb that changes something, which a service notes. */
abstract class ActingVerb extends DataVerb {

  @Option(
      names = "--comment",
      paramLabel = "<text>",
      description = "With --server: why, for the audit trail.")
  @Nullable String comment;

  ActingVerb(Session session) {
    super(session);
  }

  /** Where this is done: here, or at a service. */
  final Tranche actor() {
    URI at = server;
    if (at != null) {
      return remote(at, comment);
    }
    if (comment != null) {
      throw new ParameterException(
          spec.commandLine(), "--comment is kept by a service: add --server.");
    }
    return tranche();
  }

  /** Says that an execution goes on at a service. */
  final int begun(ExecutionView execution) {
    print(
        json
            ? Json.text(Json.execution(execution))
            : execution.job() + ": execution " + execution.execution()
                + " goes on at the service. To see how far it is:\n  " + session.command()
                + " show " + execution.execution() + " --server " + server);
    return ExitCode.COMPLETED;
  }
}

package dev.tranche.cli;

import picocli.CommandLine.Command;

/** {@code schema}: the JSON Schema of the language. */
@Command(name = "schema", description = "Print the JSON Schema of job files, for editors.")
final class SchemaVerb extends Verb {

  SchemaVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    String schema = server == null ? session.doorway().schema() : tranche().schema();
    print(schema.stripTrailing());
    return ExitCode.COMPLETED;
  }
}

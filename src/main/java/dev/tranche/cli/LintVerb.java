package dev.tranche.cli;

import dev.tranche.definition.Problem;
import dev.tranche.json.Json;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lint}: what is wrong with job files. */
@Command(
    name = "lint",
    description =
        "Print all problems of job files; needs no database. Exits with 2 if there are any.")
final class LintVerb extends DataVerb {

  @Parameters(arity = "0..*", paramLabel = "<file>", description = "All files in jobs/ if none.")
  List<Path> files = List.of();

  LintVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    List<Problem> problems = server == null ? session.doorway().lint(files) : tranche().lint(files);
    if (json) {
      print(Json.text(Json.list(problems, Json::problem)));
    } else if (problems.isEmpty()) {
      print("No problems.");
    } else {
      problems.forEach(problem -> print(problem.toString()));
    }
    return problems.isEmpty() ? ExitCode.COMPLETED : ExitCode.WRONG_USAGE;
  }
}

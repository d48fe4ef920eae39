package dev.tranche.cli;

import dev.tranche.definition.Problem;
import dev.tranche.json.Json;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lint}: what is wrong with job files, and what is worth knowing of them. */
@Command(
    name = "lint",
    description =
        "Print all problems of job files, and notes on them; needs no database. Exits with 2 if"
            + " there are problems.")
final class LintVerb extends DataVerb {

  @Parameters(arity = "0..*", paramLabel = "<file>", description = "All files in jobs/ if none.")
  List<Path> files = List.of();

  LintVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    List<Problem> found = server == null ? session.doorway().lint(files) : tranche().lint(files);
    boolean good = found.stream().allMatch(Problem::isNote);
    if (json) {
      print(Json.text(Json.list(found, Json::problem)));
    } else {
      found.forEach(problem -> print(problem.toString()));
      if (good) {
        print("No problems.");
      }
    }
    return good ? ExitCode.COMPLETED : ExitCode.WRONG_USAGE;
  }
}

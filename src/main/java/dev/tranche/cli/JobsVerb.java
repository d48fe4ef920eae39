package dev.tranche.cli;

import dev.tranche.Tranche.Jobs;
import dev.tranche.json.Json;
import picocli.CommandLine.Command;

/** {@code jobs}: the jobs there are. */
@Command(name = "jobs", description = "List the jobs.")
final class JobsVerb extends DataVerb {

  JobsVerb(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    Jobs jobs = tranche().jobs();
    if (json) {
      print(Json.text(Json.list(jobs.jobs(), Json::job)));
    } else if (jobs.jobs().isEmpty()) {
      print("There are no jobs. A job is a file such as jobs/load-earthquakes.yml.");
    } else {
      Table table = new Table("job", "steps", "parameters", "file", "description");
      jobs.jobs()
          .forEach(it -> table.add(
              it.name(),
              String.join(", ", it.steps()),
              String.join(", ", it.parameters()),
              it.file(),
              it.description()));
      print(table);
    }
    jobs.problems().forEach(problem -> terminal().err().println(problem));
    terminal().err().flush();
    return ExitCode.COMPLETED;
  }
}

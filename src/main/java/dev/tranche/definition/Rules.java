package dev.tranche.definition;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a job must have to do with each other.
 *
 * <p>Also looks at definitions with problems, in which what could not be made is null.
 */
final class Rules {

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._ -]*");
  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z_][\\w.-]*");

  /** Columns of Spring Batch's tables; a step's has to hold {@code :lane-1234} as well. */
  private static final int LONGEST_JOB = 100;

  private static final int LONGEST_STEP = 80;
  private static final int LONGEST_PARAMETER = 100;

  /** Schedules are looked at once a second. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Findings findings;
  private final int javaVersion;

  private Rules(Findings findings, int javaVersion) {
    this.findings = findings;
    this.javaVersion = javaVersion;
  }

  /** @param javaVersion that will run the job */
  static void check(JobDefinition job, Findings findings, int javaVersion) {
    new Rules(findings, javaVersion).job(job);
  }

  private void job(JobDefinition job) {
    Part whole = new Part(findings, "");
    name(whole.key("name"), "the job name", job.name(), LONGEST_JOB);
    if (job.parameters() != null) {
      job.parameters().forEach((name, parameter) -> parameter(job, name, parameter));
    }
    if (job.schedule() != null) {
      schedule(whole.key("schedule"), job.schedule());
    }
    if (job.onCrash() != null && job.onCrash().then() == OnCrash.Then.FAIL) {
      whole.key("on-crash").key("limit").noEffect("with then: fail", "set 'then: restart'");
    }
    if (job.steps() != null) {
      steps(job, job.steps());
    }
  }

  private static void schedule(Part part, ScheduleDefinition schedule) {
    Part every = part.key("every");
    boolean neither = !part.key("cron").given() && !every.given();
    if (neither) {
      part.wrong("the schedule has no times. Add 'cron', such as '0 15 2 * * *', or 'every', such as 15m.");
    } else if (part.key("cron").given() && every.given()) {
      every.unwanted("the schedule has both 'cron' and 'every'. Remove one of them.");
    } else if (schedule.every() != null && schedule.every().compareTo(SHORTEST) < 0) {
      every.wrong("'schedule.every' must be at least 1s.");
    }
  }

  private void steps(JobDefinition job, List<@Nullable StepDefinition> steps) {
    Map<String, Place> names = new HashMap<>();
    Map<String, String> files = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      Part part = new Part(findings, "steps").item(i);
      StepDefinition step = steps.get(i);
      if (step == null) {
        continue;
      }
      name(part.key("name"), "the step name", step.name(), LONGEST_STEP);
      if (step.name() != null) {
        Place place = findings.value(part.key("name").path());
        Place first = names.putIfAbsent(step.name(), place);
        if (first != null) {
          part.key("name")
              .wrong(
                  "step '%s' is there twice, first in line %d. Give one another name.",
                  step.name(), first.line());
        }
      }
      new StepNotes(part).take(step);
      if (step instanceof ChunkStepDefinition chunks) {
        new ChunkStepRules(part, chunks, javaVersion).check();
        new RowRules(part, chunks, parameters(job)).check();
        file(part.key("write").key("file"), chunks, files);
      }
    }
  }

  /** @param files file to the step that writes it */
  private static void file(Part part, ChunkStepDefinition step, Map<String, String> files) {
    if (step.write() instanceof WriteDefinition.InFile to && to.file() != null) {
      String first = files.putIfAbsent(to.file(), String.valueOf(step.name()));
      if (first != null) {
        part.wrong(
            "step '%s' writes file '%s' already. Give each step a file of its own.",
            first, to.file());
      }
    }
  }

  private static Set<String> parameters(JobDefinition job) {
    return job.parameters() == null ? Set.of() : job.parameters().keySet();
  }

  private static void name(Part part, String what, @Nullable String name, int longest) {
    if (name == null || name.isBlank()) {
      return;
    }
    if (!NAME.matcher(name).matches() || name.endsWith(" ")) {
      part.wrong(
          "%s '%s' is not allowed. It begins with a letter or digit and goes on with letters,"
              + " digits, '.', '_', '-' and blanks.",
          what, name);
    } else if (name.length() > longest) {
      part.wrong("%s has %d characters. At most %d are allowed.", what, name.length(), longest);
    }
  }

  private void parameter(JobDefinition job, String name, @Nullable ParameterDefinition parameter) {
    Part part = new Part(findings, "parameters").entry(name);
    if (name.equals("run.id")
        || name.equals(Parameters.SCHEDULED_AT)
        || name.startsWith("env.")) {
      part.unwanted("the parameter name '%s' is taken. Choose another one.", name);
    } else if (!PARAMETER.matcher(name).matches() || name.length() > LONGEST_PARAMETER) {
      part.unwanted(
          "the parameter name '%s' is not allowed. It begins with a letter and goes on with"
              + " letters, digits, '.', '_' and '-', %d at most.",
          name, LONGEST_PARAMETER);
    }
    if (parameter == null) {
      return;
    }
    String text = parameter.defaultValue();
    if (text != null && parameter.required()) {
      part.key("required").noEffect("where there is a default", "remove the default");
    }
    if (text != null && parameter.type() != null && !fits(parameter.type(), text)) {
      part.key("default-value")
          .wrong(
              "the default of parameter '%s' must be %s, but is '%s'.",
              name, Parameters.words(parameter.type()), text);
    }
    if (job.schedule() != null && parameter.required() && text == null) {
      part.key("required")
          .wrong(
              "the schedule gives no value to the required parameter '%s'. Declare a default, or"
                  + " remove the schedule.",
              name);
    }
  }

  private static boolean fits(ParameterDefinition.Type type, String text) {
    try {
      Parameters.parse(type, text);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}

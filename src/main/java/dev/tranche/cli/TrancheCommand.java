package dev.tranche.cli;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line: one verb per call, data on standard output, all else on standard error. */
@Command(
    description = "Runs batch jobs from YAML files, and after a failure exactly what is missing.",
    synopsisSubcommandLabel = "<verb>",
    commandListHeading = "%nVerbs:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Exit codes: 0 completed, 1 failed, 2 wrong usage or definition, 3 refused, 4 stopped,",
      "  5 rejects (with --fail-on-rejects), 143 or 130 ended by a signal.",
      "Settings: config/application.yml, -Dname=value before -jar, environment variables."
    },
    versionProvider = TrancheCommand.Version.class)
public final class TrancheCommand implements Callable<Integer> {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help; <verb> --help tells more of a verb.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Print the version.")
  boolean version;

  @Spec
  CommandSpec spec;

  TrancheCommand() {}

  public static void main(String[] args) {
    // H2 reads this once, as its driver loads.
    if (System.getProperty("h2.bindAddress") == null) {
      System.setProperty("h2.bindAddress", "localhost");
    }
    Terminal terminal = Terminal.ofProcess();
    int code;
    try (BootDoorway doorway = new BootDoorway(terminal)) {
      Session session = new Session(
          typed(System.getProperty("sun.java.command", "")),
          terminal,
          doorway,
          new Signals(terminal),
          InstantSource.system());
      code = commandLine(session).execute(args);
    }
    System.exit(code);
  }

  static CommandLine commandLine(Session session) {
    CommandLine commandLine = new CommandLine(new TrancheCommand());
    verbs(session).forEach(commandLine::addSubcommand);
    Failures failures = new Failures(session);
    return commandLine
        .setCommandName(session.command())
        .setOut(session.terminal().out())
        .setErr(session.terminal().err())
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(colours(session.terminal()))
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.WRONG_USAGE;
  }

  private static List<Verb> verbs(Session session) {
    return List.of(
        new RunVerb(session),
        new RestartVerb(session),
        new StopVerb(session),
        new RecoverVerb(session),
        new AbandonVerb(session),
        new ServeVerb(session),
        new SchedulesVerb(session),
        new PurgeVerb(session),
        new JobsVerb(session),
        new ExecutionsVerb(session),
        new ShowVerb(session),
        new PartitionsVerb(session),
        new RejectsVerb(session),
        new LintVerb(session),
        new ExplainVerb(session),
        new SchemaVerb(session));
  }

  private static CommandLine.Help.ColorScheme colours(Terminal terminal) {
    return CommandLine.Help.defaultColorScheme(
        terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF);
  }

  /** What users type before a verb; without a jar, where they will find it. */
  static String typed(String javaCommand) {
    String first = javaCommand.split(" ", 2)[0];
    return "java -jar " + (first.endsWith(".jar") ? first : "target/tranche-exec.jar");
  }

  /** The version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = TrancheCommand.class.getPackage().getImplementationVersion();
      return new String[] {"tranche " + (version == null ? "(not packaged)" : version)};
    }
  }
}

package dev.tranche;

import dev.tranche.definition.Change;
import dev.tranche.definition.Problem;
import dev.tranche.definition.With;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tranche for every front end: runs jobs, shows what became of them, restarts what is missing.
 *
 * <p>Safe for all threads. Methods that take an execution or a job throw {@link NotFoundException} if
 * there is none with that id or name.
 */
public interface Tranche {

  /** The jobs whose definitions are valid, by name, and the problems of all others. */
  Jobs jobs();

  /** Problems of {@code files}, or of all job files if there are none given, and notes on them. */
  List<Problem> lint(List<Path> files);

  /** Problems of a job file that is at hand as text, and notes. @param file what they call it */
  List<Problem> lint(String file, String text);

  /** The JSON Schema of the language. */
  String schema();

  /**
   * Starts a job instance that never ran, and waits for its end.
   *
   * @param parameters name to text, as a user gives them
   * @param anew adds an identifying parameter {@code run.id}, so that it is a new instance
   * @param observer hears of the run as it goes
   * @throws RefusedException if the instance ran before, runs now, or a problem is found before the
   *     start
   * @throws dev.tranche.definition.InvalidDefinitionException if the definition cannot be used
   */
  ExecutionView run(
      String job, Map<String, String> parameters, boolean anew, RunObserver observer);

  /** As {@link #run}, but returns as soon as the execution has begun. */
  ExecutionView start(String job, Map<String, String> parameters, boolean anew);

  /**
   * Runs again what is missing of the instance that {@code execution} belongs to, and waits.
   *
   * @param only names such as {@code load/p3}; empty: all that is missing
   */
  default ExecutionView restart(long execution, Set<String> only, RunObserver observer) {
    return restart(execution, only, null, observer);
  }

  /**
   * As above, where the job file was edited since.
   *
   * @param with by which definition it goes on; null: nobody chose, so that it is refused if the
   *     rows that are loaded and the missing ones would be made differently
   */
  ExecutionView restart(
      long execution, Set<String> only, @Nullable With with, RunObserver observer);

  /** As {@link #restart(long, Set, With, RunObserver)}, but returns as soon as it has begun. */
  ExecutionView start(long execution, Set<String> only, @Nullable With with);

  /** What {@link #restart} would do, without doing it. */
  default RestartPlan plan(long execution, Set<String> only) {
    return plan(execution, only, null);
  }

  /** @param with as for {@link #restart(long, Set, With, RunObserver)} */
  RestartPlan plan(long execution, Set<String> only, @Nullable With with);

  /** Asks an execution to end at its next commit, wherever it runs; returns at once. */
  void stop(long execution);

  /** Ends all executions of this process at their next commits and waits for them. */
  void stopAll();

  /** Settles the executions of dead processes; says what was found. */
  List<Recovery> recover();

  /**
   * Settles one execution. That of a job that has no job file is taken for dead, since nobody but the
   * caller can know.
   *
   * @throws RefusedException if it has ended
   */
  Recovery recover(long execution);

  /** Gives an execution up: its instance cannot be restarted any more. */
  ExecutionView abandon(long execution);

  /** Executions, newest first; those of {@code job} only, if it is not null. */
  default List<ExecutionView> executions(@Nullable String job, int limit) {
    return executions(job, Long.MAX_VALUE, limit);
  }

  /** As above, only those with a smaller id than {@code before}: the next page. */
  List<ExecutionView> executions(@Nullable String job, long before, int limit);

  /** One execution with its steps and their partitions. */
  ExecutionView show(long execution);

  /** The partitions of an execution's instance. */
  List<PartitionView> partitions(long execution);

  /** The rejected items of an execution's instance. */
  List<RejectView> rejects(long execution, int offset, int limit);

  /** Why other processes may take this one for dead, in words; null while its lease is renewed. */
  @Nullable String leaseTrouble();

  /** When jobs run by themselves, and what became of that. */
  Schedules schedules();

  /**
   * Removes old job instances with all they left, in small transactions; never the last good one of a
   * job, none that runs, and none with rejects that nobody has run again, unless the rule says so.
   *
   * @param job of that job only, if it is not null; also one that has no job file
   * @param rule null: as the settings say
   * @param dryRun only tells what would be removed
   */
  PurgeView purge(@Nullable String job, @Nullable PurgeRule rule, boolean dryRun);

  /** The rejected items of an execution's instance by kind of error, step by step. */
  List<RejectGroupView> rejectGroups(long execution);

  /**
   * Runs the rejected items of an execution's instance again, through the same job as its file is
   * now, and waits: an instance of its own, which is restarted as any other. Each reject is run again
   * once; what is rejected again is a reject of the new instance.
   *
   * @throws RefusedException if nothing is left to run again, if it runs already, or if the items
   *     cannot be made again of what is kept of them
   */
  ExecutionView redrive(long execution, RunObserver observer);

  /** As {@link #redrive}, but returns as soon as it has begun. */
  ExecutionView startRedrive(long execution);

  /** What a run with these parameters would do. */
  Explanation explain(String job, Map<String, String> parameters);

  /** @param problems of all job files */
  record Jobs(List<JobView> jobs, List<Problem> problems) {}

  /** A job as a list shows it. */
  record JobView(
      String name, @Nullable String description, String file, List<String> steps,
      List<String> parameters) {}

  /** What {@link #recover} found. @param outcome in words: what was done, or why nothing was */
  record Recovery(long execution, String job, String outcome, boolean settled) {}

  /**
   * A restart as it would go.
   *
   * @param changes of the job file since the steps began
   * @param refusal why it would be refused; null if it would not
   */
  record RestartPlan(
      long execution,
      String job,
      List<Change> changes,
      @Nullable String refusal,
      List<Decision> decisions) {

    /**
     * @param action RERUN, KEEP or START; SKIP where {@code --only} leaves it out
     * @param from in words: where it goes on
     */
    public record Decision(String step, String partition, Action action, String from, String why) {}

    public enum Action {
      RERUN,
      KEEP,
      START,
      SKIP
    }
  }

  /** A plan, its guarantees and its needs, as lines for people and as data. */
  record Explanation(String job, Map<String, String> parameters, List<StepExplanation> steps) {

    /**
     * @param guarantee {@code exactly-once} or {@code at-least-once}, and why
     * @param connections needed of each named connection
     * @param sql statements that would be run for rows
     * @param notes anything else worth knowing before the start
     */
    public record StepExplanation(
        String step,
        String reads,
        String writes,
        int partitions,
        int lanes,
        List<String> slices,
        String chunks,
        String guarantee,
        Map<String, Integer> connections,
        List<String> sql,
        List<String> notes) {}
  }
}

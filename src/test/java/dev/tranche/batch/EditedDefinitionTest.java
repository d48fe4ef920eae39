package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.Tranche.RestartPlan;
import dev.tranche.definition.With;
import dev.tranche.testing.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecution;

/** A run that failed, and a job file that was edited before it is restarted. */
class EditedDefinitionTest {

  private static final String SET = "    process: [ { set: { name: \"'new'\" } } ]\n    chunk:";

  private TestDatabase databases;
  private World world;
  private long failed;

  @BeforeEach
  void fail() {
    databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
    world = Orders.in(databases, "map").file("in/b.csv", Orders.withLine(150, "150,x,oops"));
    ExecutionView execution =
        Orders.fails(
            world, "load/p2 failed at item 50 (in/b.csv, line 51): amount: 'oops' is not a long");
    failed = execution.execution();
    world.file("in/b.csv", Orders.csv(101, 200));
  }

  @AfterEach
  void close() throws Exception {
    world.close();
    databases.close();
  }

  @Test
  void takesTheNewWhereThatIsHarmlessAndSaysSo() {
    edit("size: 10, mode: map", "size: 7, mode: futures");
    List<String> notices = new ArrayList<>();

    Orders.assertComplete(world, restart(null, notices));

    assertThat(notices)
        .startsWith(
            "'chunk.size' of step 'load' was 10 and is 7 now",
            "'chunk.mode' of step 'load' was map and is futures now");
    assertThat(context()).contains("'chunk.size' of step 'load' was 10 and is 7 now");
    assertThat(shown().with()).isNull();
    assertThat(shown().changes())
        .contains(
            "'chunk.mode' of step 'load' was map and is futures now",
            "'chunk.size' of step 'load' was 10 and is 7 now");
  }

  @Test
  void repairsARecordThatIsTooLongByALargerLimit() {
    edit("max-record: 1KB", "max-record: 2KB");

    Orders.assertComplete(world, restart(null, new ArrayList<>()));
  }

  @Test
  void refusesToMixOldRowsAndNewOnesUnlessSomebodyChooses() {
    edit("    chunk:", SET);
    String refusal =
        place("10:5")
            + "'process' of step 'load' was [] and is [set {expressions: {name: 'new'}}] now\n"
            + "Rows that are loaded were made by the old definition. Make the missing ones by the"
            + " new one with restart --with new, or by the old one with restart --with old";

    RestartPlan plan = world.tranche().plan(failed, Set.of());

    assertThat(plan.refusal()).isEqualTo(refusal);
    assertThat(plan.changes()).hasSize(1);
    assertThat(plan.decisions()).hasSize(2);
    assertThatThrownBy(() -> restart(null, new ArrayList<>()))
        .isInstanceOf(RefusedException.class)
        .hasMessage(refusal);
    assertThat(world.tranche().executions("orders", 9)).hasSize(1);
  }

  @Test
  void makesTheMissingRowsByTheNewDefinitionIfThatIsChosen() {
    edit("    chunk:", SET);
    assertThat(world.tranche().plan(failed, Set.of(), With.NEW).refusal()).isNull();

    Orders.assertComplete(world, restart(With.NEW, new ArrayList<>()));

    assertThat(named("new")).isPositive().isLessThan(200);
    assertThat(context()).contains("'process' of step 'load' was [] and is ");
    ExecutionView shown = shown();
    assertThat(shown.with()).isEqualTo(With.NEW);
    assertThat(shown.changes())
        .containsExactly(
            "'process' of step 'load' was [] and is [set {expressions: {name: 'new'}}] now");
    assertThat(world.tranche().show(failed).with()).isNull();
  }

  @Test
  void makesTheMissingRowsByTheOldDefinitionIfThatIsChosen() {
    edit("    chunk:", SET);

    Orders.assertComplete(world, restart(With.OLD, new ArrayList<>()));

    assertThat(named("new")).isZero();
    assertThat(shown().with()).isEqualTo(With.OLD);
    assertThat(shown().changes()).isEmpty();
  }

  @Test
  void remembersWhatWasChosen() {
    edit("    chunk:", SET);
    world.file("in/b.csv", Orders.withLine(150, "150,x,oops"));
    assertThat(restart(With.NEW, new ArrayList<>()).status()).isEqualTo("FAILED");
    world.file("in/b.csv", Orders.csv(101, 200));

    assertThat(world.tranche().plan(failed, Set.of()).changes()).isEmpty();
    Orders.assertComplete(world, restart(null, new ArrayList<>()));
    assertThat(shown().with()).isNull();
    assertThat(shown().changes()).isEmpty();
  }

  @Test
  void refusesWhatCannotChangeInMidRun() {
    edit("by: file", "by: bytes, size: 1KB");
    String refusal =
        place("9:5")
            + "'partition' of step 'load' was {concurrency: 1} and is {size: 1024, concurrency: 1}"
            + " now\n"
            + "What is done and what is missing would not fit together. Go on by the definition that"
            + " the run began with, by restart --with old; or start over with: run orders --new";

    assertThatThrownBy(() -> restart(With.NEW, new ArrayList<>()))
        .isInstanceOf(RefusedException.class)
        .hasMessage(refusal);
    assertThat(world.tranche().plan(failed, Set.of(), With.NEW).refusal()).isEqualTo(refusal);
    Orders.assertComplete(world, restart(With.OLD, new ArrayList<>()));
  }

  @Test
  void foreseesThatEditedInputIsRefused() {
    world.file("in/b.csv", Orders.csv(101, 200).replace("order 101", "order 1o1"));

    String refusal = world.tranche().plan(failed, Set.of()).refusal();

    assertThat(refusal)
        .startsWith("step 'load': partition p2 (b.csv[15.")
        .endsWith("bytes already loaded were changed. Put it back as it was, or load it all anew"
            + " with a new run");
    assertThatThrownBy(() -> restart(null, new ArrayList<>())).hasMessage(refusal);
  }

  private void edit(String before, String after) {
    world.job("orders", Orders.job("map").replace(before, after));
  }

  private String place(String place) {
    Path file = world.path("jobs/orders.yml");
    return file + ":" + place + ": ";
  }

  private ExecutionView restart(@Nullable With with, List<String> notices) {
    return world
        .tranche()
        .restart(
            failed,
            Set.of(),
            with,
            new RunObserver() {
              @Override
              public void notice(String step, String partition, String message) {
                notices.add(message);
              }
            });
  }

  private long named(String name) {
    return world.count("select count(*) from orders where name = '" + name + "'");
  }

  /** The last execution. */
  private ExecutionView shown() {
    return world.tranche().show(world.tranche().executions("orders", 1).get(0).execution());
  }

  /** What Spring Batch keeps of the last execution. */
  private String context() {
    long last = world.tranche().executions("orders", 1).get(0).execution();
    JobExecution execution = Objects.requireNonNull(world.repository().getJobExecution(last));
    return execution.getExecutionContext().toString();
  }
}

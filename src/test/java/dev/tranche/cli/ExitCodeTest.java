package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.TallyView;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.definition.Problem;
import dev.tranche.definition.With;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {

  @ParameterizedTest
  @CsvSource({
    "COMPLETED, 0, 0",
    "COMPLETED, 3, 0",
    "FAILED, 0, 1",
    "UNKNOWN, 0, 1",
    "ABANDONED, 0, 1",
    "STOPPED, 0, 4"
  })
  void followsTheStatus(String status, long rejected, int code) {
    assertThat(before(() -> ended(status, rejected)).type("run", "job")).isEqualTo(code);
    assertThat(before(() -> ended(status, rejected)).type("restart", "7")).isEqualTo(code);
  }

  @Test
  void isFiveForRejectsIfTheUserSaysThatTheyAreFailures() {
    assertThat(before(() -> ended("COMPLETED", 3)).type("run", "job", "--fail-on-rejects"))
        .isEqualTo(5);
    assertThat(before(() -> ended("COMPLETED", 0)).type("run", "job", "--fail-on-rejects"))
        .isEqualTo(0);
    assertThat(before(() -> ended("FAILED", 3)).type("restart", "7", "--fail-on-rejects"))
        .isEqualTo(1);
  }

  @Test
  void isTwoForADefinitionThatCannotBeUsedAndAllProblemsAreTold() {
    CommandLineFixture user = before(() -> {
      throw new InvalidDefinitionException(List.of(
          new Problem("jobs/a.yml", 3, 5, "one."), new Problem("jobs/a.yml", 9, 1, "two.")));
    });

    assertThat(user.type("run", "job")).isEqualTo(2);
    assertThat(user.err).hasToString("jobs/a.yml:3:5: one.\njobs/a.yml:9:1: two.\n");
    assertThat(user.out).hasToString("");
  }

  @Test
  void isTwoForWrongUsage() {
    CommandLineFixture user = CommandLineFixture.before(new FakeTranche());

    assertThat(user.type("runn")).isEqualTo(2);
    assertThat(user.err).hasToString("""
            Unmatched argument at index 0: 'runn'
            Did you mean: java -jar target/tranche-exec.jar run?
            Help:  java -jar target/tranche-exec.jar --help
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "run | Missing required parameter: '<job>'",
        "run job region | 'region' is not a parameter. Write name=value.",
        "run job =x | '=x' is not a parameter. Write name=value.",
        "run job a=1 a=2 | Parameter 'a' is given twice.",
        "stop x | Invalid value for positional parameter at index 0 (<execution>): 'x' is not a long",
        "run job --neww | Unknown option: '--neww'",
        "executions --limit 0 | --limit is 0; it must be at least 1.",
        "rejects 7 --offset -1 | --offset is -1; it must be at least 0.",
      })
  void saysWhatIsWrongWithACommand(String line, String message) {
    CommandLineFixture user = CommandLineFixture.before(new FakeTranche());

    assertThat(user.type(line.split(" "))).isEqualTo(2);
    assertThat(user.err.toString()).startsWith(message + "\n").contains(" --help\n");
  }

  @Test
  void printsTheHelpOnStandardErrorIfThereIsNoVerb() {
    CommandLineFixture user = CommandLineFixture.before(new FakeTranche());

    assertThat(user.type()).isEqualTo(2);
    assertThat(user.err.toString()).contains("Verbs:\n  run ");
    assertThat(user.out).hasToString("");
  }

  @Test
  void isThreeForARefusalAndItsWayOutCanBeTyped() {
    CommandLineFixture user = before(() -> {
      throw new RefusedException("execution 7 runs this instance. End it with: stop 7");
    });

    assertThat(user.type("run", "job")).isEqualTo(3);
    assertThat(user.err).hasToString("""
        execution 7 runs this instance. End it with:
          java -jar target/tranche-exec.jar stop 7
        """);
    assertThat(user.out).hasToString("");
  }

  @Test
  void isOneForAnythingElseAndTheStackTraceIsForThoseWhoAsk() {
    Supplier<ExecutionView> broken = () -> {
      throw new IllegalStateException("the ledger is off by one");
    };
    CommandLineFixture user = before(broken);
    CommandLineFixture curious = before(broken);

    assertThat(user.type("run", "job")).isEqualTo(1);
    assertThat(user.err).hasToString("""
            Failed: java.lang.IllegalStateException: the ledger is off by one
            Once more with --verbose prints the stack trace.
            """);
    assertThat(curious.type("run", "job", "--verbose")).isEqualTo(1);
    assertThat(curious.err.toString()).contains("\n\tat dev.tranche.cli.ExitCodeTest");
  }

  private static CommandLineFixture before(Supplier<ExecutionView> end) {
    return CommandLineFixture.before(new FakeTranche() {
      @Override
      public ExecutionView run(
          String job, Map<String, String> parameters, boolean anew, RunObserver observer) {
        return end.get();
      }

      @Override
      public ExecutionView restart(
          long execution, Set<String> only, @Nullable With with, RunObserver observer) {
        return end.get();
      }
    });
  }

  private static ExecutionView ended(String status, long rejected) {
    TallyView tally = new TallyView(10, 10 - rejected, 0, rejected);
    return new ExecutionView(
        7, "job", status, Map.of(), null, null, tally, tally, List.of(), List.of());
  }
}

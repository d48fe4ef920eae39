package dev.tranche.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.exactlyonce.Scenario.Life;
import dev.tranche.store.Checkpoint;
import dev.tranche.testing.MortalProcess;
import dev.tranche.testing.MortalProcess.Kind;
import java.util.EnumMap;
import java.util.Map;

/** What the property has really been through; a run that nothing struck does not count. */
final class Coverage {

  private final Map<Kind, Integer> struck = new EnumMap<>(Kind.class);
  private int runs;
  private int withDoneRange;
  private int withStages;
  private int withChangedSize;
  private int withUnknownOutcome;
  private int lastSize;

  void sawALife(Life life, MortalProcess process, Checkpoint found, Scenario scenario) {
    Kind kind = process.struck();
    if (kind == null) {
      lastSize = 0;
      return;
    }
    runs++;
    struck.merge(kind, 1, Integer::sum);
    boolean midway = found.tally().read() > 0 && found.tally().read() < scenario.items();
    if (!found.done().isEmpty() && kind != Kind.DEADLOCK) {
      withDoneRange++;
    }
    if (life.staged() && midway) {
      withStages++;
    }
    if (lastSize != 0 && lastSize != life.size()) {
      withChangedSize++;
    }
    if (process.struckCommit()
        && (kind == Kind.CUT_BEFORE || kind == Kind.CUT_AFTER || kind == Kind.LANDS_LATER)) {
      withUnknownOutcome++;
    }
    lastSize = midway ? life.size() : 0;
  }

  /** How many processes met their fate. */
  int runs() {
    return runs;
  }

  void add(Coverage other) {
    other.struck.forEach((kind, times) -> struck.merge(kind, times, Integer::sum));
    runs += other.runs;
    withDoneRange += other.withDoneRange;
    withStages += other.withStages;
    withChangedSize += other.withChangedSize;
    withUnknownOutcome += other.withUnknownOutcome;
  }

  void assertEnough() {
    assertThat(withDoneRange).as("runs with a done range when struck: %s", this)
        .isGreaterThanOrEqualTo(1_000);
    assertThat(withChangedSize).as("runs with a changed chunk size: %s", this)
        .isGreaterThanOrEqualTo(100);
    assertThat(withStages).as("runs with two stages when struck: %s", this)
        .isGreaterThanOrEqualTo(1_000);
    assertThat(withUnknownOutcome).as("runs with a commit of unknown outcome: %s", this)
        .isGreaterThanOrEqualTo(100);
    assertThat(struck.keySet()).as("kinds of fate: %s", this).hasSize(Kind.values().length - 1);
  }

  @Override
  public String toString() {
    return runs
        + " runs struck, "
        + withDoneRange
        + " of them with a done range, "
        + withStages
        + " midway with two stages, "
        + withChangedSize
        + " with a changed chunk size, "
        + withUnknownOutcome
        + " with a commit of unknown outcome; "
        + struck;
  }
}

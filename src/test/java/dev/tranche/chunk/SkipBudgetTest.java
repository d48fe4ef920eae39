package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.definition.OnError;
import dev.tranche.store.Tally;
import org.junit.jupiter.api.Test;

/** What the partitions of a step share. */
class SkipBudgetTest {

  @Test
  void isOneForAllPartitionsAndRuns() {
    SkipBudget budget =
        new SkipBudget(new OnError.Skip(4L, null, 0), new Tally(1000, 999, 0, 0, 1, 0));

    assertThat(budget.reserve(1)).as("one partition").isNull();
    assertThat(budget.reserve(1)).as("another, at the same time").isNull();
    budget.committed(new Tally(10, 9, 0, 0, 1, 0));
    assertThat(budget.reserve(2)).isNull();
    assertThat(budget.reserve(3)).isEqualTo("the step may reject 4 items (on-error.skip.limit)");
    budget.release(1);
    assertThat(budget.reserve(3)).as("a rollback gave it back").isNull();
    assertThat(budget.reserve(4)).isNotNull();
  }

  @Test
  void looksAtTheRateOverAllThatIsCommittedAndTheChunkAtHand() {
    SkipBudget budget = new SkipBudget(new OnError.Skip(null, 0.1, 20), Tally.ZERO);

    for (int early = 0; early < 3; early++) {
      assertThat(budget.reserve(20)).as("not before rate-after").isNull();
    }
    assertThat(budget.reserve(21))
        .isEqualTo("4 of 21 items would be rejected, over 10 % (on-error.skip.rate)");
    budget.committed(new Tally(30, 27, 0, 0, 3, 0));
    assertThat(budget.reserve(9)).as("4 of 39").isNotNull();
    assertThat(budget.reserve(10)).as("4 of 40").isNull();
  }
}

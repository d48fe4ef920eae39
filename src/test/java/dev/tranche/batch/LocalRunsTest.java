package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalRunsTest {

  @Test
  void anExecutionThatBeganStaysAttendedWhenWhoeverTookItForAnOrphanLeaves() {
    LocalRuns runs = new LocalRuns();
    assertThat(runs.attend(7)).isTrue();
    runs.attendAnyway(7);
    runs.leave(7);
    assertThat(runs.isAttended(7)).isTrue();
    assertThat(runs.attend(7)).isFalse();
    runs.leave(7);
    assertThat(runs.isAttended(7)).isFalse();
  }
}

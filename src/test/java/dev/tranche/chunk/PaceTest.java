package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

  private long now;

  private int after(Pace pace, long... millis) {
    for (long each : millis) {
      now += TimeUnit.MILLISECONDS.toNanos(each);
      pace.committed(now);
    }
    return pace.size();
  }

  @Test
  void growsWhileCommitsFollowEachOtherClosely() {
    Pace pace = new Pace(1000, 4000, now);
    assertThat(pace.size()).isEqualTo(1000);
    assertThat(after(pace, 19)).isEqualTo(2000);
    assertThat(after(pace, 19)).isEqualTo(4000);
    assertThat(after(pace, 1)).isEqualTo(4000);
  }

  @Test
  void staysWhereACommitIsWorthItsTime() {
    assertThat(after(new Pace(1000, 4000, now), 1, 20, 200, 100)).isEqualTo(2000);
  }

  @Test
  void shrinksBackWhenItemsBecomeSlow() {
    Pace pace = new Pace(1000, 3000, now);
    assertThat(after(pace, 1, 1)).isEqualTo(3000);
    assertThat(after(pace, 201)).isEqualTo(1500);
    assertThat(after(pace, 201, 201, 201)).isEqualTo(1000);
  }

  @Test
  void keepsTheSizeThatWasAskedFor() {
    assertThat(after(new Pace(10, null, now), 1, 1, 500)).isEqualTo(10);
    assertThat(after(new Pace(10, 1, now), 1, 500)).isEqualTo(10);
  }
}

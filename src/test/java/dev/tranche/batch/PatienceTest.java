package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.StopSignal;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger calls = new AtomicInteger();
  private final Patience patience = new Patience(Duration.ofMillis(250), nanos::get);

  @Test
  void waitsOutWhatIsShorter() throws Exception {
    String answer = bear(patience, 2);

    assertThat(answer).isEqualTo("answer 3");
    assertThat(patience.isOver()).isFalse();
  }

  @Test
  void isLostOnceAndThenNothingIsWaitedFor() {
    assertThatThrownBy(() -> bear(patience, 1_000)).hasMessage("away");
    assertThat(patience.isOver()).isTrue();
    assertThat(calls).hasValueGreaterThan(1);

    calls.set(0);
    assertThatThrownBy(() -> bear(patience, 1_000)).hasMessage("away");
    assertThat(calls).hasValue(1);
  }

  @Test
  void isWholeForTheNextRun() throws Exception {
    assertThatThrownBy(() -> bear(patience, 1_000)).hasMessage("away");

    calls.set(0);
    assertThat(bear(patience.anew(), 2)).isEqualTo("answer 3");
  }

  /** Each call takes 100 ms. */
  private String bear(Patience patience, int failures) throws Exception {
    return patience.bear(
        new StopSignal(),
        away -> nanos.addAndGet(100_000_000),
        () -> {
          if (calls.incrementAndGet() <= failures) {
            throw new SQLTransientConnectionException("away");
          }
          return "answer " + calls;
        });
  }
}

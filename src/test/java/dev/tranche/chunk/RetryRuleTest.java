package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.definition.OnError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

class RetryRuleTest {

  private static RetryRule rule(long backoff, long longest, double jitter, String... on) {
    return RetryRule.of(
        new OnError.Retry(
            9, Duration.ofMillis(backoff), Duration.ofMillis(longest), jitter, List.of(on)));
  }

  private static List<Long> pauses(RetryRule rule, double chance) {
    return IntStream.rangeClosed(1, 6)
        .mapToObj(done -> rule.pause(done, chance).toMillis())
        .toList();
  }

  @Test
  void doublesTheWaitUpToTheLongest() {
    assertThat(pauses(rule(200, 1500, 0), 0.9)).containsExactly(200L, 400L, 800L, 1500L, 1500L, 1500L);
    assertThat(pauses(rule(200, 10, 0), 0.5)).as("never less than asked").containsOnly(200L);
    assertThat(rule(200, 60_000, 0).pause(5000).toMillis()).isEqualTo(60_000);
  }

  @Test
  void shortensOrLengthensEachWaitAtRandom() {
    RetryRule rule = rule(200, 1500, 0.5);
    assertThat(pauses(rule, 0)).containsExactly(100L, 200L, 400L, 750L, 750L, 750L);
    assertThat(pauses(rule, 0.5)).containsExactly(200L, 400L, 800L, 1500L, 1500L, 1500L);
    assertThat(pauses(rule, 1)).containsExactly(300L, 600L, 1200L, 2250L, 2250L, 2250L);
    assertThat(IntStream.range(0, 50).mapToObj(each -> rule.pause(1)).distinct())
        .hasSizeGreaterThan(10)
        .allMatch(pause -> pause.toMillis() >= 100 && pause.toMillis() <= 300);
  }

  @Test
  void knowsFaultsByClass() {
    SQLException deadlock = new SQLException("deadlock", "40P01");
    SQLException foreignKey = new SQLException("no parent", "23503");
    SQLException tooLong = new SQLException("too long", "22001");
    RetryRule data = rule(1, 1, 0, "data");
    RetryRule transients = rule(1, 1, 0, "transient");
    assertThat(data.again(1, foreignKey)).isTrue();
    assertThat(data.again(1, new IllegalStateException(tooLong))).isTrue();
    assertThat(data.again(1, new DataIntegrityViolationException("no parent"))).isTrue();
    assertThat(data.again(1, deadlock)).isFalse();
    assertThat(transients.again(1, deadlock)).isTrue();
    assertThat(transients.again(1, foreignKey)).isFalse();
    assertThat(rule(1, 1, 0, "java.io.IOException").again(1, new java.io.EOFException())).isTrue();
    assertThat(data.again(9, foreignKey)).as("no more attempts").isFalse();
    assertThat(data.again(1, new ItemError("bad", null))).as("the same result again").isFalse();
  }
}

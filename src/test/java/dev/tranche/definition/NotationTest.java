package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotationTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "17, 17",
    "1B, 1",
    "512KB, 524288",
    "64 MB, 67108864",
    "2GB, 2147483648",
    "3TB, 3298534883328"
  })
  void readsSizes(String text, long bytes) {
    assertThat(Notation.BYTES.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"200ms, PT0.2S", "30s, PT30S", "2m, PT2M", "1 h, PT1H", "1d, PT24H", "0s, PT0S"})
  void readsDurations(String text, Duration duration) {
    assertThat(Notation.DURATION.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({"1%, 0.01", "0.5 %, 0.005", "100%, 1", "0%, 0"})
  void readsPercentages(String text, double share) {
    assertThat(Notation.SHARE.parse(text)).isEqualTo(share);
  }

  @ParameterizedTest
  @CsvSource({"017, 17", "-5, -5", "+5, 5", "0x1F, 31", "0o17, 15"})
  void readsWholeNumbers(String text, long number) {
    assertThat(Notation.WHOLE_NUMBER.parse(text)).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({
    "BYTES, 1.5MB",
    "BYTES, -1",
    "BYTES, 1mb",
    "BYTES, MB",
    "BYTES, 99999999TB",
    "BYTES, 1KiB",
    "DURATION, 30",
    "DURATION, 1h30m",
    "DURATION, -1s",
    "DURATION, 9999999999999999999s",
    "DURATION, 999999999999999999d",
    "SHARE, 0.01",
    "SHARE, 101%",
    "SHARE, -1%",
    "SHARE, %",
    "WHOLE_NUMBER, 1.0",
    "WHOLE_NUMBER, 1e3",
    "WHOLE_NUMBER, 0x",
    "WHOLE_NUMBER, 1_000",
    "NUMBER, NaN",
    "NUMBER, 1.5.5",
    "TRUTH, yes",
    "CHARACTER, ab",
    "CHARACTER, ''",
    "CHARSET, utf 8",
    "ZONE, Moon",
    "PATTERN, a(",
    "CRON, * * * *",
    "CRON, 61 * * * * *"
  })
  void refusesWhatIsNone(Notation notation, String text) {
    assertThatThrownBy(() -> notation.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}

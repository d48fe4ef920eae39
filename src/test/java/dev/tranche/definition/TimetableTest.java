package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Berlin puts its clocks forward on 29 March 2026 at 02:00, and back on 25 October at 03:00. */
class TimetableTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void firesOnceAtTheEndOfTheGapForATimeThatIsSkipped() {
    assertThat(times("0 15 2 * * *", BERLIN, "2026-03-28T00:00:00Z", 3))
        .containsExactly("2026-03-28T01:15:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:15:00Z");
  }

  @Test
  void makesOneFireOfSeveralTimesThatAreSkipped() {
    assertThat(times("0 */10 2-3 * * *", BERLIN, "2026-03-29T00:30:00Z", 3))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:10:00Z", "2026-03-29T01:20:00Z");
  }

  @Test
  void firesAtTheFirstOfTwoForATimeThatComesTwice() {
    assertThat(times("0 15 2 * * *", BERLIN, "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:15:00Z", "2026-10-26T01:15:00Z");
    // Also for whoever looks between the two.
    assertThat(times("0 15 2 * * *", BERLIN, "2026-10-25T01:05:00Z", 1))
        .containsExactly("2026-10-26T01:15:00Z");
  }

  @Test
  void firesInEveryHourThatThereIsWhereTheHourIsAStar() {
    assertThat(times("0 30 * * * *", BERLIN, "2026-10-24T23:00:00Z", 4))
        .containsExactly(
            "2026-10-24T23:30:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T02:30:00Z");
    assertThat(times("0 30 * * * *", BERLIN, "2026-03-29T00:00:00Z", 2))
        .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
    assertThat(times("@hourly", BERLIN, "2026-03-29T00:30:00Z", 2))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
  }

  @Test
  void knowsLeapDays() {
    assertThat(times("0 0 6 29 2 *", ZoneId.of("UTC"), "2026-01-01T00:00:00Z", 2))
        .containsExactly("2028-02-29T06:00:00Z", "2032-02-29T06:00:00Z");
    assertThat(times("0 0 6 L * *", ZoneId.of("UTC"), "2028-02-01T00:00:00Z", 1))
        .containsExactly("2028-02-29T06:00:00Z");
    assertThat(times("0 0 6 * * *", ZoneId.of("UTC"), "2028-02-28T07:00:00Z", 2))
        .containsExactly("2028-02-29T06:00:00Z", "2028-03-01T06:00:00Z");
  }

  @Test
  void countsAFixedRateFrom1970() {
    Timetable quarter = Timetable.parse("every PT15M");
    assertThat(quarter.next(Instant.parse("2026-03-29T00:59:59.999Z")))
        .isEqualTo("2026-03-29T01:00:00Z");
    assertThat(quarter.next(Instant.parse("2026-03-29T01:00:00Z")))
        .isEqualTo("2026-03-29T01:15:00Z");
    assertThat(quarter.next(Instant.parse("1969-12-31T23:59:00Z"))).isEqualTo(Instant.EPOCH);
  }

  @Test
  void endsWhereNoTimeComesAnyMore() {
    assertThat(Timetable.cron("0 0 0 30 2 *", BERLIN).next(Instant.EPOCH)).isNull();
  }

  @Test
  void isTheSameOnceItIsTextAndBack() {
    for (Timetable one :
        List.of(Timetable.cron("0 15 2 * * MON-FRI", BERLIN), Timetable.parse("every PT1.5S"))) {
      Instant now = Instant.parse("2026-11-25T17:00:00Z");
      assertThat(Timetable.parse(one.text()).next(now)).isEqualTo(one.next(now));
      assertThat(Timetable.parse(one.text()).text()).isEqualTo(one.text());
    }
    assertThatThrownBy(() -> Timetable.parse("now and then"))
        .hasMessage("'now and then' is no timetable");
  }

  private static List<String> times(String cron, ZoneId zone, String after, int count) {
    Timetable timetable = Timetable.cron(cron, zone);
    List<String> times = new ArrayList<>();
    Instant time = Instant.parse(after);
    while (times.size() < count) {
      time = timetable.next(time);
      times.add(String.valueOf(time));
    }
    return times;
  }
}

package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DateCallTest {

  private static final String FIRE = "2026-03-29T00:15:00Z";

  @Test
  void calculatesByTheCalendarOfTheSchedulesZone() {
    assertThat(value("date(scheduled-at, '-1d', 'yyyy-MM-dd')")).isEqualTo("2026-03-28");
    assertThat(value("date(scheduled-at)")).isEqualTo("2026-03-29");
    assertThat(value("date(scheduled-at, '-1mo', 'yyyyMMdd')")).isEqualTo("20260228");
    assertThat(value("date(scheduled-at, '', 'yyyy.MM')")).isEqualTo("2026.03");
    assertThat(value("date(scheduled-at, '+1y-2w', 'yyyy-MM-dd')")).isEqualTo("2027-03-15");
    assertThat(value("date(scheduled-at, '-0d', 'yyyy-MM-dd''T''HHmm')"))
        .isEqualTo("2026-03-29T0115");
  }

  @Test
  void aDayMayHave23HoursAndAnHourNot() {
    assertThat(value("date(scheduled-at, '+1d', 'HH:mm')")).isEqualTo("01:15");
    assertThat(value("date(scheduled-at, '+24h', 'HH:mm')")).isEqualTo("02:15");
  }

  @Test
  void goesByWhatWasFrozen() {
    String call = "date(scheduled-at, '-1d', 'yyyy-MM-dd')";
    ResolvedJob first = job("x", call).resolved(Placeholders.of(Map.of("scheduled-at", FIRE)));
    assertThat(first.placeholders()).containsExactly(Map.entry(call, "2026-03-28"));
    assertThat(job("x", call).resolved(Placeholders.of(first.placeholders())).definition())
        .isEqualTo(first.definition());
  }

  @Test
  void pastesNothingIntoSqlThatCouldChangeItsMeaning() {
    assertThatThrownBy(() -> value("date(scheduled-at, '-1d', '''; drop''')"))
        .hasMessageContaining("could change the meaning of this statement");
  }

  @Test
  void aRunByHandSaysForWhichFireItIs() {
    JobFile file = job("x", "scheduled-at");
    assertThatThrownBy(() -> file.resolve(Placeholders.NONE))
        .hasMessageContaining(
            "a run by hand has no 'scheduled-at'. Give the time it stands for, as in"
                + " scheduled-at=2026-01-31T02:15:00Z.");
    assertThat(file.parameters(Map.of("scheduled-at", "2026-03-29T01:15:00+01:00")).texts())
        .as("one moment, however it is written")
        .containsEntry("scheduled-at", FIRE);
  }

  private static String value(String call) {
    JobDefinition job =
        job("x", call).resolve(Placeholders.of(Map.of("scheduled-at", FIRE)));
    return ((SqlStepDefinition) job.steps().get(0)).sql().get(0).replaceAll(".*<|>.*", "");
  }

  private static JobFile job(String name, String placeholder) {
    return JobFile.parse(
        "x.yml",
        """
        name: %s
        schedule: { cron: "0 15 1 * * *", zone: Europe/Berlin }
        steps:
          - name: y
            sql: select '<${%s}>'
        """
            .formatted(name, placeholder));
  }
}

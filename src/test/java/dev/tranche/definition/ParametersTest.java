package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParametersTest {

  private final JobFile job = JobFile.parse("job.yml", """
          name: job
          parameters:
            region: { default: "*" }
            day: { type: date, required: true }
            limit: { type: long }
            factor: { type: double, default: 1.50 }
            since: { type: timestamp, default: 2026-01-31T12:00:00 }
          steps: [{ name: a, tasklet: b }]
          """);

  @Test
  void givesTypedValuesWithDefaultsFilledIn() {
    Parameters parameters = job.parameters(Map.of("day", "2026-02-28"));

    assertThat(parameters.values())
        .containsExactly(
            Map.entry("region", "*"),
            Map.entry("day", LocalDate.of(2026, 2, 28)),
            Map.entry("factor", 1.5),
            Map.entry("since", OffsetDateTime.parse("2026-01-31T12:00:00Z")));
    assertThat(parameters.texts().get("factor")).isEqualTo("1.50");
    assertThat(parameters.placeholders().value("region")).isEqualTo("*");
  }

  @Test
  void takesTheOffsetOfATimestamp() {
    for (String text : new String[] {"2026-01-31T12:00:00+02:00", "2026-01-31T10:00Z"}) {
      Map<String, String> given = Map.of("day", "2026-02-28", "since", text);
      assertThat((OffsetDateTime) job.parameters(given).values().get("since"))
          .isAtSameInstantAs(OffsetDateTime.parse("2026-01-31T10:00:00Z"));
    }
  }

  @Test
  void refusesAllThatIsWrongAtOnce() {
    assertThatThrownBy(
            () -> job.parameters(Map.of("regoin", "x", "limit", "many", "since", "yesterday")))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessage("""
            job: there is no parameter 'regoin'. Did you mean 'region'? Declared: region, day, \
            limit, factor, since.
            job: parameter 'day' is missing. Give it as day=…, a date such as 2026-01-31.
            job: parameter 'limit' must be a whole number, but is 'many'.
            job: parameter 'since' must be a timestamp such as 2026-01-31T12:00:00Z, but is \
            'yesterday'.""");
  }

  @Test
  void saysSoWhenAJobTakesNoParameters() {
    JobFile none = JobFile.parse("none.yml", "name: none\nsteps: [{ name: a, tasklet: b }]\n");

    assertThatThrownBy(() -> none.parameters(Map.of("day", "x")))
        .hasMessage("none: there is no parameter 'day'. 'none' has none.");
  }
}

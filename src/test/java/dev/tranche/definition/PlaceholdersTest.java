package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {

  private static final String JOB = """
      name: job
      parameters:
        size: { type: long, required: true }
        table: { default: target }
        unused: { default: nobody }
      steps:
        - name: first
          sql: "delete from ${table} where source = '${source}'"
        - name: second
          read: { type: csv, files: "in/${source}/$${source}.csv" }
          chunk: { size: "${size}" }
          write: { type: jdbc, table: "${table}" }
      """;

  private final JobFile file = JobFile.parse("job.yml", JOB);

  @Test
  void remembersThoseThatWereUsedSoThatTheyCanBeFrozen() {
    ResolvedJob first = file.resolved(file.parameters(Map.of("size", "7"))
        .placeholders()
        .or(Placeholders.of(Map.of("source", "north", "other", "x"))));

    assertThat(first.placeholders())
        .isEqualTo(Map.of("size", "7", "table", "target", "source", "north"));
    assertThat(file.resolved(Placeholders.of(first.placeholders()))).isEqualTo(first);
    var step = (ChunkStepDefinition) first.definition().steps().get(1);
    assertThat(step.chunk().size()).isEqualTo(7);
    assertThat(((ReadDefinition.Csv) step.read()).files())
        .containsExactly("in/north/${source}.csv");
  }

  @Test
  void judgesAFileWithoutTheValuesOfRequiredParameters() {
    assertThat(file.problems(Placeholders.of(Map.of("source", "north")))).isEmpty();
    assertThat(file.problems(Placeholders.NONE))
        .extracting(Problem::toString)
        .containsExactly(
            "job.yml:8:10: '${source}' is neither a parameter nor a Spring property. Declared"
                + " parameters: size, table, unused.",
            "job.yml:10:31: '${source}' is neither a parameter nor a Spring property. Declared"
                + " parameters: size, table, unused.");
  }

  @Test
  void needsAllValuesForARun() {
    assertProblems(
        Placeholders.of(Map.of("source", "north")),
        "job.yml:11:20: parameter 'size' has no value. Give one with size=…, or declare a"
            + " default.");
  }

  @Test
  void checksTheTypeOfWhatAPlaceholderStandsFor() {
    assertProblems(
        Placeholders.of(Map.of("source", "north", "size", "many")),
        "job.yml:11:20: 'chunk.size' must be a whole number, but is 'many' (${size}).");
    assertProblems(
        Placeholders.of(Map.of("source", "north", "size", "0")),
        "job.yml:11:20: 'chunk.size' must be greater than or equal to 1, but is 0.");
  }

  @Test
  void keepsTheValueOfAPropertyToItself() {
    JobFile secretive = JobFile.parse("job.yml", """
            name: job
            steps:
              - name: a
                read: { type: csv, files: a.csv }
                chunk: { size: "${password}", mode: "${password}" }
                write: { type: jdbc, table: t }
            """);

    assertThat(secretive.problems(Placeholders.of(Map.of("password", "s3cret"))))
        .extracting(Problem::message)
        .containsExactly(
            "'chunk.size' must be a whole number, but is the value of '${password}'.",
            "'chunk.mode' cannot be the value of '${password}'. Valid: map, futures.");
  }

  @Test
  void pastesIntoSqlOnlyWhatCannotBecomeAPartOfTheStatement() {
    Map<String, String> harmless =
        Map.of("source", "north", "size", "1", "table", "raw.data_2026-01");
    assertThat(
            ((SqlStepDefinition) file.resolve(Placeholders.of(harmless)).steps().get(0)).sql())
        .containsExactly("delete from raw.data_2026-01 where source = 'north'");
    for (String value : List.of("t; drop table t", "t--", "t'", "t where 1=1", "t\"")) {
      assertProblems(
          Placeholders.of(Map.of("source", "north", "size", "1", "table", value)),
          "job.yml:8:10: the value \"%s\" of parameter 'table' could change the meaning of this"
                  .formatted(value)
              + " statement. Only letters, digits and _ . : + - are pasted into SQL.");
    }
  }

  @Test
  void takesPercentSignsInNamesForWhatTheyAre() {
    JobFile percent = JobFile.parse("job.yml", """
        name: job
        parameters: { "re%gion": {} }
        steps: [{ name: a, tasklet: "${region}" }]
        """);

    assertThat(percent.problems(Placeholders.NONE))
        .extracting(Problem::toString)
        .contains("job.yml:3:29: '${region}' is neither a parameter nor a Spring property. Did you"
            + " mean 're%gion'? Declared parameters: re%gion.");
  }

  @Test
  void findsEnvironmentVariablesUnderTheirOwnPrefixOnly() {
    String name = System.getenv().keySet().iterator().next();

    assertThat(Placeholders.environment().value("env." + name)).isEqualTo(System.getenv(name));
    assertThat(Placeholders.environment().value(name)).isNull();
  }

  private void assertProblems(Placeholders placeholders, String... problems) {
    assertThatThrownBy(() -> file.resolve(placeholders))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessage(String.join("\n", problems));
  }
}

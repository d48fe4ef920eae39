package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangesTest {

  private static final String JOB =
      """
      name: orders
      steps:
        - name: load
          read: { type: csv, files: a.csv, columns: { id: long } }
          partition: { by: bytes, count: 2, concurrency: 2 }
          process:
            - check: { id: { min: 1 } }
          chunk: { size: 10, mode: map }
          on-error: { skip: { limit: 3 } }
          write: { type: jdbc, table: orders, mode: insert }
      """;

  @Test
  void knowsTheEffectOfEveryKeyOfTheLanguage() {
    List<String> unknown = new ArrayList<>();
    Set<Type> seen = new HashSet<>();
    collect(JobDefinition.class, seen, unknown);
    assertThat(seen).hasSizeGreaterThan(20);
    assertThat(unknown).as("keys to classify in Effects").isEmpty();
  }

  private static void collect(Type type, Set<Type> seen, List<String> unknown) {
    if (type instanceof ParameterizedType generic) {
      for (Type argument : generic.getActualTypeArguments()) {
        collect(argument, seen, unknown);
      }
    } else if (type instanceof Class<?> found && seen.add(found)) {
      if (found.isSealed()) {
        for (Class<?> variant : found.getPermittedSubclasses()) {
          collect(variant, seen, unknown);
        }
      } else if (found.isRecord() && found.getPackage() == JobDefinition.class.getPackage()) {
        for (RecordComponent component : found.getRecordComponents()) {
          if (Effects.find(component) == null) {
            unknown.add(found.getSimpleName() + "." + component.getName());
          }
          collect(component.getGenericType(), seen, unknown);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "size: 10 | size: 500 | HARMLESS | job.yml:8:20: 'chunk.size' of step 'load' was 10 and is"
            + " 500 now",
        "concurrency: 2 | concurrency: 4 | HARMLESS | job.yml:5:52: 'partition.concurrency' of step"
            + " 'load' was 2 and is 4 now",
        "limit: 3 | limit: 5 | DECISION | job.yml:9:32: 'on-error.skip.limit' of step 'load' was 3"
            + " and is 5 now",
        "min: 1 | min: 2 | DECISION | job.yml:6:5: 'process' of step 'load' was [check {columns:"
            + " {id: {min: 1}}}] and is [check {columns: {id: {min: 2}}}] now",
        "id: long | id: decimal | DECISION | job.yml:4:38: 'read.columns' of step 'load' was {id:"
            + " {type: long}} and is {id: {type: decimal}} now",
        "a.csv | b.csv | IMPOSSIBLE | job.yml:4:31: 'read.files' of step 'load' was [a.csv] and is"
            + " [b.csv] now",
        "count: 2 | count: 3 | IMPOSSIBLE | job.yml:5:36: 'partition.count' of step 'load' was 2 and"
            + " is 3 now",
        "table: orders | table: other | IMPOSSIBLE | job.yml:10:33: 'write.table' of step 'load' was"
            + " orders and is other now",
        "mode: insert | mode: replace | IMPOSSIBLE | job.yml:10:47: 'write.mode' of step 'load' was"
            + " insert and is replace now",
        "name: load | name: other | IMPOSSIBLE | job.yml: step 'load' was there and is missing now",
      })
  void tellsWhatAnEditMeans(String before, String after, Change.Effect effect, String words) {
    JobFile edited = JobFile.parse("job.yml", JOB.replace(before, after));
    StepDefinition then =
        JobFile.parse("job.yml", JOB).resolve(Placeholders.environment()).steps().get(0);
    StepDefinition now =
        edited.resolve(Placeholders.environment()).steps().stream()
            .filter(step -> step.name().equals("load"))
            .findFirst()
            .orElse(null);

    assertThat(Changes.between(edited, then, now))
        .singleElement()
        .satisfies(change -> assertThat(change.effect()).isEqualTo(effect))
        .hasToString(words);
  }

  @Test
  void takesStagesForAMatterOfWhoDoesIt() {
    String with =
        JOB.replace("    process:\n", "    process:\n      - stage: { workers: 3, threads: platform }\n");
    assertThat(with).isNotEqualTo(JOB);
    JobFile edited = JobFile.parse("job.yml", with);

    assertThat(
            Changes.between(
                edited,
                JobFile.parse("job.yml", JOB).resolve(Placeholders.environment()).steps().get(0),
                edited.resolve(Placeholders.environment()).steps().get(0)))
        .singleElement()
        .satisfies(change -> assertThat(change.effect()).isEqualTo(Change.Effect.HARMLESS))
        .hasToString(
            "job.yml:6:5: 'process' of step 'load' was [check {columns: {id: {min: 1}}}] and is"
                + " [stage {of: {workers: 3, threads: platform}}, check {columns: {id: {min: 1}}}]"
                + " now");
  }

  @Test
  void findsNothingWhereOnlyWordsAndDefaultsDiffer() {
    JobFile edited =
        JobFile.parse("job.yml", "# a comment\n" + JOB.replace("mode: map", "mode: map, workers: "
            + Runtime.getRuntime().availableProcessors()));
    assertThat(
            Changes.between(
                edited,
                JobFile.parse("job.yml", JOB).resolve(Placeholders.environment()).steps().get(0),
                edited.resolve(Placeholders.environment()).steps().get(0)))
        .isEmpty();
  }
}

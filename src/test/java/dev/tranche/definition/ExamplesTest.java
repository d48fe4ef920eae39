package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {

  private static final Placeholders FIRE =
      Placeholders.of(Map.of("scheduled-at", "2026-01-31T02:15:00Z"));

  private static final Placeholders RUN =
      Placeholders.of(Map.of("size", "10", "word", "w")).or(Examples.ENVIRONMENT);

  static Iterable<Examples> valid() {
    return Examples.valid();
  }

  static Iterable<Examples> invalid() {
    return Examples.invalid();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valid")
  void findsNothingWrongWithAValidFileAndMakesADefinitionOfIt(Examples example) {
    assertThat(example.problems()).isEmpty();
    assertThat(example.file().resolve(RUN.or(FIRE)).name()).isEqualTo(example.file().name());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void findsWhatAnInvalidFileSaysIsWrongWithIt(Examples example) {
    assertThat(example.expected()).isNotEmpty();
    assertThat(example.problems()).isEqualTo(example.expected());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void makesNoDefinitionOfAnInvalidFile(Examples example) {
    assertThatThrownBy(() -> example.file().resolve(RUN))
        .isInstanceOfSatisfying(
            InvalidDefinitionException.class, e -> assertThat(e.problems()).isNotEmpty());
  }

  @Test
  void givesTwentyMistakesTwentyProblemsInTwentyPlaces() {
    var problems = Examples.of("invalid/twenty-mistakes.yml").file().problems();

    assertThat(problems).hasSize(20);
    assertThat(problems.stream().map(problem -> problem.line() + ":" + problem.column()))
        .doesNotHaveDuplicates()
        .noneMatch(place -> place.startsWith("0:"));
    assertThat(problems.stream().map(Problem::message)).doesNotHaveDuplicates();
  }

  @Test
  void hasEveryKeyOfTheLanguageInAnExample() {
    Set<Shape.Field> seen = new HashSet<>();
    for (String file : List.of("valid/every-key.yml", "valid/fixed-rate.yml")) {
      Tree tree = Yaml.read(Examples.of(file).text(), new Findings(file));
      collect(Language.JOB, tree, seen);
    }

    Set<String> missing = new LinkedHashSet<>();
    fields(Language.JOB).stream()
        .filter(field -> !seen.contains(field))
        .forEach(field -> missing.add(field.key()));
    assertThat(missing).isEmpty();
  }

  private static void collect(Shape shape, Tree tree, Set<Shape.Field> seen) {
    if (shape instanceof Shape.Items items && tree instanceof Tree.Items list) {
      list.items().forEach(item -> collect(items.element(), item, seen));
    } else if (shape instanceof Shape.Entries entries && tree instanceof Tree.Entries map) {
      map.entries().values().forEach(entry -> collect(entries.value(), entry.value(), seen));
    } else if (shape instanceof Shape.Struct struct) {
      for (Shape.Field field : struct.fields()) {
        Tree value = tree.at(field.key());
        if (value != null) {
          seen.add(field);
          collect(field.shape(), value, seen);
        }
      }
    } else if (shape instanceof Shape.Choice choice) {
      choice.variants().forEach((name, variant) -> collect(choice, name, variant, tree, seen));
    }
  }

  private static void collect(
      Shape.Choice choice, String name, Shape.Struct variant, Tree tree, Set<Shape.Field> seen) {
    switch (choice.how().how()) {
      case KEY_VALUE -> {
        if (tree.at(choice.how().by()) instanceof Tree.Text text && text.text().equals(name)) {
          collect(variant, tree, seen);
        }
      }
      case ONLY_KEY -> {
        Shape.Field field = variant.fields().get(0);
        if (tree.at(name) != null) {
          seen.add(field);
          collect(field.shape(), tree.at(name), seen);
        }
      }
      case KEY_PRESENT -> {
        if (tree.at(name) != null) {
          collect(variant, tree, seen);
        }
      }
    }
  }

  private static Set<Shape.Field> fields(Shape shape) {
    Set<Shape.Field> fields = new LinkedHashSet<>();
    if (shape instanceof Shape.Items items) {
      fields.addAll(fields(items.element()));
    } else if (shape instanceof Shape.Entries entries) {
      fields.addAll(fields(entries.value()));
    } else if (shape instanceof Shape.Struct struct) {
      fields.addAll(struct.fields());
      struct.fields().forEach(field -> fields.addAll(fields(field.shape())));
    } else if (shape instanceof Shape.Choice choice) {
      choice.variants().values().forEach(variant -> fields.addAll(fields(variant)));
    }
    return fields;
  }
}

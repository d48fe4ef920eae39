package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Whatever a file holds, reading it ends, and problems are somewhere in the file. */
class BrokenFilesTest {

  private static final List<String> EXAMPLES = Stream.concat(
          Examples.valid().stream(), Examples.invalid().stream())
      .map(Examples::text)
      .toList();
  private static final List<String> SNIPPETS = List.of(
      "{",
      "}",
      "[",
      "]",
      ":",
      "-",
      "\n",
      " ",
      "\t",
      "'",
      "\"",
      "#",
      "&a",
      "*a",
      "!x",
      "|",
      ">",
      "?",
      "${",
      "}",
      "~",
      "null",
      "<<: *a",
      "\u0000",
      "\uFFFF",
      "é",
      "🧀",
      "%YAML 1.1",
      "---");

  @Property(tries = 2000)
  void damagedFilesGiveProblemsAndNoExceptions(@ForAll("damaged") String text) {
    JobFile file = JobFile.parse("damaged.yml", text);
    List<Problem> problems = file.problems(Examples.ENVIRONMENT);

    long lines = text.chars().filter(c -> c == '\n' || c == '\r').count() + 1;
    assertThat(problems).allSatisfy(problem -> {
      assertThat(problem.line()).isBetween(0, (int) lines + 1);
      assertThat(problem.message()).matches("(?s).*[.?]");
    });
    assertThat(file.name()).isNotBlank();
    resolves(file, problems.isEmpty());
  }

  private static void resolves(JobFile file, boolean valid) {
    try {
      assertThat(file.resolve(Examples.ENVIRONMENT).steps()).isNotEmpty();
      assertThat(valid).isTrue();
    } catch (InvalidDefinitionException e) {
      // A run may lack values that nobody can know before.
      boolean lacking = e.getMessage().contains("has no value. Give one")
          || e.getMessage().contains("a run by hand has no 'scheduled-at'. Give the time");
      assertThat(valid && !lacking).isFalse();
    }
  }

  @Provide
  Arbitrary<String> damaged() {
    return Arbitraries.of(EXAMPLES)
        .flatMap(text -> Arbitraries.longs().map(seed -> damage(text, new Random(seed))));
  }

  private static String damage(String text, Random random) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(damaged.length() + 1);
      int end = Math.min(damaged.length(), at + random.nextInt(5));
      String snippet = SNIPPETS.get(random.nextInt(SNIPPETS.size()));
      damaged.replace(at, random.nextBoolean() ? end : at, random.nextBoolean() ? snippet : "");
    }
    return damaged.toString();
  }

  @Test
  void endsOnWhatIsNestedWithoutEnd() {
    List<String> bottomless = new ArrayList<>();
    for (String opening : List.of("[", "{a: ", "- ", "? ", "!a [")) {
      bottomless.add("name: x\nsteps: " + opening.repeat(100_000));
      bottomless.add(opening.repeat(100_000));
    }
    assertThat(bottomless)
        .allSatisfy(
            text -> assertThat(JobFile.parse("deep.yml", text).problems()).isNotEmpty());
  }

  @Test
  void endsOnAliasesThatGrow() {
    StringBuilder lists = new StringBuilder("name: x\na0: &a0 [x, x]\n");
    StringBuilder merges = new StringBuilder("name: x\na0: &a0 { k0: 1, l0: 1 }\n");
    for (int i = 1; i < 60; i++) {
      lists.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
      merges.append("a%d: &a%d { <<: [*a%d, *a%d], k%d: 1 }%n".formatted(i, i, i - 1, i - 1, i));
    }
    for (String text : List.of(lists.toString(), merges.toString())) {
      assertThat(JobFile.parse("bomb.yml", text).problems()).isNotEmpty();
    }
  }

  @Test
  void takesAsManyAliasesAsStaySmall() {
    StringBuilder steps = new StringBuilder("name: x\nsteps:\n");
    for (int i = 0; i < 200; i++) {
      String write = i == 0 ? "&out { type: jdbc, table: t }" : "*out";
      String read = "{ type: csv, files: a.csv }";
      steps.append("  - { name: s%d, read: %s, write: %s }%n".formatted(i, read, write));
    }
    assertThat(JobFile.parse("aliases.yml", steps.toString()).problems()).isEmpty();
  }

  @Test
  void endsOnManyProblems() {
    String keys = "a%d: 1\n".repeat(20_000);
    JobFile file = JobFile.parse("long.yml", keys);

    assertThat(file.problems()).hasSizeGreaterThan(19_000);
    assertThatThrownBy(() -> file.resolve(Placeholders.NONE))
        .isInstanceOf(InvalidDefinitionException.class);
  }
}

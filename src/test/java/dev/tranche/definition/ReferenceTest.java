package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables of {@code src/docs/job-file.md} are those of the language, defaults included. */
class ReferenceTest {

  private static final String HEADER = "| Key | Type | Default | Meaning |\n|---|---|---|---|\n";

  private final Map<String, String> tables = new LinkedHashMap<>();

  @Test
  void theDocumentedKeysTypesAndDefaultsAreThoseOfTheLanguage() throws IOException {
    struct("A job", Language.JOB, "");
    Map<String, String> documented = documented(Files.readString(Path.of("src/docs/job-file.md")));
    assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(tables.keySet());
    tables.forEach((title, table) -> assertThat(documented.get(title)).as(title).isEqualTo(table));
  }

  private void struct(String title, Shape.Struct struct, String path) {
    String selector = title.contains(" with ") && title.contains(":")
        ? title.replaceFirst(".* with `(.*): (.*)`", "| `$1` | `$2` | **required** | |\n")
        : "";
    StringBuilder rows = new StringBuilder(HEADER).append(selector);
    struct.fields().forEach(field -> rows.append(row(field.key(), field)));
    tables.put(title, rows.toString());
    struct.fields().forEach(field -> shape(field.shape(), path + field.key()));
  }

  private void shape(Shape shape, String path) {
    if (shape instanceof Shape.Items items) {
      shape(items.element(), path);
    } else if (shape instanceof Shape.Entries entries) {
      shape(entries.value(), path + ".<name>");
    } else if (shape instanceof Shape.Struct struct) {
      struct("`" + path + "`", struct, path + ".");
    } else if (shape instanceof Shape.Choice choice) {
      choice(choice, path);
    }
  }

  private void choice(Shape.Choice choice, String path) {
    Map<String, Shape.Struct> variants = choice.variants();
    switch (choice.how().how()) {
      case KEY_VALUE -> {
        String by = "` with `" + choice.how().by() + ": ";
        variants.forEach((name, one) -> struct("`" + path + by + name + "`", one, path + "."));
      }
      case KEY_PRESENT ->
        variants.forEach((name, one) -> struct("A step with `" + name + "`", one, ""));
      case ONLY_KEY -> {
        StringBuilder rows = new StringBuilder(HEADER);
        variants.forEach((name, one) -> rows.append(entry(name, one.fields().get(0))));
        tables.put("An entry of `" + path + "`", rows.toString());
        variants.forEach((name, one) -> shape(one.fields().get(0).shape(), path + "." + name));
      }
    }
  }

  private static String row(String key, Shape.Field field) {
    String standard = Reference.standard(field);
    String shown = standard.equals("required")
        ? "**required**"
        : standard.isEmpty() ? "" : "`" + standard + "`";
    return "| `%s` | %s | %s | %s |\n"
        .formatted(key, Reference.type(field.shape()), shown, field.about());
  }

  /** As {@link #row}, of a key that is one of several. */
  private static String entry(String key, Shape.Field field) {
    return row(key, field).replace("**required**", "");
  }

  /** Heading to the table below it. */
  private static Map<String, String> documented(String text) {
    Map<String, String> found = new LinkedHashMap<>();
    String heading = "";
    List<String> rows = new ArrayList<>();
    for (String line : (text + "\n#").split("\n")) {
      if (line.startsWith("#")) {
        if (!rows.isEmpty()) {
          found.put(heading, String.join("\n", rows) + "\n");
        }
        heading = line.replaceFirst("#+ *", "");
        rows.clear();
      } else if (line.startsWith("|")) {
        rows.add(line);
      }
    }
    return found;
  }
}

package dev.tranche.definition;

import dev.tranche.definition.Shape.Field;
import java.util.stream.Collectors;

/** How the language is shown to people: in the schema and in {@code src/docs/job-file.md}. */
final class Reference {

  private Reference() {}

  /** What a key means, and its default. */
  static String about(Field field) {
    String standard = standard(field);
    return standard.equals("required") || standard.isEmpty()
        ? field.about()
        : field.about() + " Default: " + standard + ".";
  }

  /** What holds if the key is absent, in a few words; empty: nothing does. */
  static String standard(Field field) {
    if (field.required()) {
      return "required";
    }
    return field.standard().equals(Defaults.EMPTY) || field.standard().equals(Defaults.NONE)
        ? ""
        : field.standard();
  }

  /** The type of a key, in a few words. */
  static String type(Shape shape) {
    if (shape instanceof Shape.Scalar scalar) {
      return scalar.notation().words().replaceFirst("^an? ", "");
    }
    if (shape instanceof Shape.Word word) {
      return word.constants().keySet().stream()
          .map(name -> "`" + name + "`")
          .collect(Collectors.joining(", "));
    }
    if (shape instanceof Shape.Items items) {
      return items.single() ? type(items.element()) + ", or a list" : "list";
    }
    return "map";
  }
}

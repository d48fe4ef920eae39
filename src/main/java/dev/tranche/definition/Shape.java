package dev.tranche.definition;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may stand at a place of a job file: the language, as data.
 *
 * <p>Made from the records once, see {@link Language}; the binder, the schema and the reference
 * read it. Immutable.
 */
sealed interface Shape {

  /** What it is, in words that follow "must be". */
  String words();

  record Scalar(Notation notation, Class<?> type) implements Shape {
    @Override
    public String words() {
      return notation.words();
    }
  }

  /** One of the words of an enumeration. */
  record Word(Map<String, Enum<?>> constants) implements Shape {
    @Override
    public String words() {
      return "one of " + String.join(", ", constants.keySet());
    }
  }

  /** A list; where its elements are scalars, a single one stands for a list of one. */
  record Items(Shape element) implements Shape {
    @Override
    public String words() {
      return single() ? element.words() + " or a list" : "a list";
    }

    boolean single() {
      return element instanceof Scalar;
    }
  }

  /** A map from names that users choose. */
  record Entries(Shape value) implements Shape {
    @Override
    public String words() {
      return "a map of names";
    }
  }

  /** @param shorthand the field that a single text stands for */
  record Struct(
      Class<? extends Record> type,
      List<Field> fields,
      @Nullable Field shorthand) implements Shape {
    @Override
    public String words() {
      String keys = "a map with the keys " + String.join(", ", keys());
      return shorthand == null ? keys : shorthand.shape().words() + ", or " + keys;
    }

    List<String> keys() {
      return fields.stream().map(Field::key).toList();
    }
  }

  /** One of several records. */
  record Choice(Variants how, Map<String, Struct> variants) implements Shape {
    @Override
    public String words() {
      return switch (how.how()) {
        case KEY_VALUE -> "a map with the key '" + how.by() + "'";
        case ONLY_KEY -> "a map with one key, one of " + String.join(", ", variants.keySet());
        case KEY_PRESENT -> "a map with one of the keys " + String.join(", ", variants.keySet());
      };
    }
  }

  /**
   * A component of a record.
   *
   * @param component its kebab-case name in Java, which differs from the key where that is a Java
   *     word
   * @param standard what holds if it is absent; empty: nothing does
   * @param optional whether it may be absent without a default
   * @param least the smallest number it may be; null: any
   * @param filled whether there must be something in it
   */
  record Field(
      String key,
      String component,
      Shape shape,
      String standard,
      boolean optional,
      String about,
      @Nullable Long least,
      boolean filled) {

    boolean required() {
      return !optional && standard.isEmpty();
    }
  }
}

package dev.tranche.definition;

import dev.tranche.definition.Shape.Choice;
import dev.tranche.definition.Shape.Field;
import dev.tranche.definition.Shape.Struct;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of a tree, and never stops at the first problem.
 *
 * <p>What cannot be made is null, also where the records say that it never is; the findings then
 * know a problem, and the records must not be handed out. They are still worth looking at, for the
 * problems of what could be made.
 */
final class Binder {

  private final Findings findings;
  private final Substitution substitution;

  Binder(Findings findings, Substitution substitution) {
    this.findings = findings;
    this.substitution = substitution;
  }

  @Nullable Object bind(Shape shape, Tree tree, KeyPath path) {
    if (tree instanceof Tree.Text text && text.empty()) {
      if (!text.text().isEmpty()) {
        String message = "%s is '%s', which is no value in YAML. Put it in quotes, or remove it.";
        return broken(tree.place(), path, message, path.what(), text.text());
      }
      return broken(
          tree.place(), path, "%s has no value. It must be %s.", path.what(), shape.words());
    }
    if (shape instanceof Shape.Scalar scalar) {
      return tree instanceof Tree.Text text
          ? scalar(scalar, text, path)
          : misfit(shape, tree, path);
    }
    if (shape instanceof Shape.Word word) {
      return tree instanceof Tree.Text text ? word(word, text, path) : misfit(shape, tree, path);
    }
    if (shape instanceof Shape.Items items) {
      return items(items, tree, path);
    }
    if (shape instanceof Shape.Entries entries) {
      return tree instanceof Tree.Entries map
          ? entries(entries, map, path)
          : misfit(shape, tree, path);
    }
    if (shape instanceof Struct struct) {
      return struct(struct, tree, path);
    }
    return tree instanceof Tree.Entries map
        ? new Chooser(this, findings, substitution).choose((Choice) shape, map, path)
        : misfit(shape, tree, path);
  }

  // -- values --

  private @Nullable Object scalar(Shape.Scalar shape, Tree.Text tree, KeyPath path) {
    Notation notation = shape.notation();
    boolean placeholder = Substitution.hasPlaceholder(tree.text());
    String text = substitution.apply(tree, notation, findings);
    if (text == null) {
      findings.breaks(path);
      return null;
    }
    if (notation.bare() && !tree.plain() && !placeholder) {
      return broken(
          tree.place(),
          path,
          "%s must be %s, but is %s. Remove the quotes.",
          path.what(),
          notation.words(),
          tree.words());
    }
    try {
      return fit(notation.parse(text), shape.type());
    } catch (IllegalArgumentException e) {
      String hint = e.getMessage() == null || notation == Notation.NUMBER ? "" : e.getMessage();
      String found = placeholder ? substitution.shown(tree, text) : tree.words();
      return broken(
          tree.place(),
          path,
          "%s must be %s, but is %s.%s",
          path.what(),
          notation.words(),
          found,
          hint.isEmpty() ? "" : " " + hint);
    }
  }

  private static Object fit(Object value, Class<?> type) {
    if (value instanceof Long number && (type == int.class || type == Integer.class)) {
      if (number != number.intValue()) {
        throw new IllegalArgumentException("It is too large.");
      }
      return number.intValue();
    }
    return value;
  }

  private @Nullable Object word(Shape.Word shape, Tree.Text tree, KeyPath path) {
    String text = substitution.apply(tree, Notation.TEXT, findings);
    if (text == null) {
      findings.breaks(path);
      return null;
    }
    Enum<?> constant = shape.constants().get(text);
    return constant != null
        ? constant
        : unknown(tree.place(), path, substitution.shown(tree, text), text, shape.constants());
  }

  /** @param shown the name as the user may see it */
  @Nullable Object unknown(
      Place place, KeyPath path, String shown, String name, Map<String, ?> known) {
    return broken(
        place,
        path,
        "%s cannot be %s.%s Valid: %s.",
        path.what(),
        shown,
        Nearest.hint(name, known.keySet()),
        String.join(", ", known.keySet()));
  }

  // -- lists and maps --

  private @Nullable Object items(Shape.Items shape, Tree tree, KeyPath path) {
    if (tree instanceof Tree.Entries || tree instanceof Tree.Text && !shape.single()) {
      return misfit(shape, tree, path);
    }
    List<Tree> trees = tree instanceof Tree.Items list ? list.items() : List.of(tree);
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < trees.size(); i++) {
      KeyPath item = tree instanceof Tree.Items ? path.item(i) : path.only();
      written(item, trees.get(i).place(), trees.get(i));
      values.add(bind(shape.element(), trees.get(i), item));
    }
    return Collections.unmodifiableList(values);
  }

  private Object entries(Shape.Entries shape, Tree.Entries tree, KeyPath path) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    tree.entries().forEach((key, entry) -> {
      KeyPath child = path.entry(key);
      written(child, entry.place(), entry.value());
      values.put(key, bind(shape.value(), entry.value(), child));
    });
    return Collections.unmodifiableMap(values);
  }

  // -- records --

  private @Nullable Object struct(Struct struct, Tree tree, KeyPath path) {
    Field shorthand = struct.shorthand();
    if (tree instanceof Tree.Text && shorthand != null) {
      Tree.Entry entry = new Tree.Entry(tree.place(), tree);
      Map<String, Tree.Entry> only = Map.of(shorthand.key(), entry);
      return record(struct, new Tree.Entries(tree.place(), only), path, "", struct.keys());
    }
    if (!(tree instanceof Tree.Entries entries)) {
      return misfit(struct, tree, path);
    }
    return record(struct, entries, path, path.what(), struct.keys());
  }

  /**
   * Refuses all keys but those {@code known}.
   *
   * @return what the others may have been meant to be
   */
  Set<String> refuseUnknownKeys(List<String> known, Tree.Entries tree, KeyPath path, String what) {
    Set<String> meant = new HashSet<>();
    tree.entries().forEach((key, entry) -> {
      if (!known.contains(key)) {
        findings.breaks(path);
        findings.add(
            entry.place(),
            "%s has no key '%s'.%s Valid: %s."
                .formatted(what, key, Nearest.hint(key, known), String.join(", ", known)));
        meant.add(String.valueOf(Nearest.of(key, known)));
      }
    });
    return meant;
  }

  /** @param known all keys that {@code tree} may have */
  Object record(Struct struct, Tree.Entries tree, KeyPath path, String what, List<String> known) {
    Set<String> meant = refuseUnknownKeys(known, tree, path, what);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Field field : struct.fields()) {
      Tree.Entry entry = tree.entries().get(field.key());
      KeyPath child = path.key(field.component(), field.key());
      Object value = null;
      if (entry != null) {
        written(child, entry.place(), entry.value());
        value = bind(field.shape(), entry.value(), child);
      } else if (meant.contains(field.key())) {
        findings.breaks(child);
      } else if (field.required()) {
        String words = field.shape().words();
        broken(tree.place(), child, "'%s' is missing in %s. Add it: %s.", field.key(), what, words);
      } else if (!Defaults.isComputed(field.standard())) {
        value = standard(field, child);
      }
      values.put(field.component(), value);
    }
    for (Field field : struct.fields()) {
      if (isComputed(field, tree, meant)) {
        values.put(field.component(), Defaults.computed(field.standard(), values, tree));
      }
    }
    return make(struct.type(), new ArrayList<>(values.values()));
  }

  /** Those that depend on others come last. */
  private static boolean isComputed(Field field, Tree.Entries tree, Set<String> meant) {
    return Defaults.isComputed(field.standard())
        && !tree.entries().containsKey(field.key())
        && !meant.contains(field.key());
  }

  private @Nullable Object standard(Field field, KeyPath path) {
    return field.standard().isEmpty()
        ? null
        : bind(field.shape(), Yaml.standard(field.standard()), path);
  }

  static Object make(Class<? extends Record> type, List<@Nullable Object> values) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] arguments = values.toArray();
    for (int i = 0; i < types.length; i++) {
      if (arguments[i] == null && types[i].isPrimitive()) {
        arguments[i] = Array.get(Array.newInstance(types[i], 1), 0);
      }
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + type + ". This is a bug in tranche.", e);
    }
  }

  // -- findings --

  void written(KeyPath path, Place key, Tree value) {
    if (value.place() != Place.NOWHERE) {
      findings.written(path, key, value.place());
    }
  }

  @Nullable Object misfit(Shape shape, Tree tree, KeyPath path) {
    return broken(
        tree.place(), path, "%s must be %s, but is %s.", path.what(), shape.words(), tree.words());
  }

  @Nullable Object broken(Place place, KeyPath path, String message, Object... arguments) {
    findings.breaks(path);
    findings.add(place, message.formatted(arguments));
    return null;
  }
}

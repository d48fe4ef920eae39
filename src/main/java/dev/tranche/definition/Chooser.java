package dev.tranche.definition;

import dev.tranche.definition.Shape.Choice;
import dev.tranche.definition.Shape.Field;
import dev.tranche.definition.Shape.Struct;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The part of the {@link Binder} that finds out which of several records a user means. */
final class Chooser {

  private final Binder binder;
  private final Findings findings;
  private final Substitution substitution;

  Chooser(Binder binder, Findings findings, Substitution substitution) {
    this.binder = binder;
    this.findings = findings;
    this.substitution = substitution;
  }

  @Nullable Object choose(Choice choice, Tree.Entries tree, KeyPath path) {
    return switch (choice.how().how()) {
      case KEY_VALUE -> byValue(choice, tree, path);
      case ONLY_KEY -> byOnlyKey(choice, tree, path);
      case KEY_PRESENT -> byPresence(choice, tree, path);
    };
  }

  private @Nullable Object byValue(Choice choice, Tree.Entries tree, KeyPath path) {
    String by = choice.how().by();
    Tree.Entry entry = tree.entries().get(by);
    if (entry == null) {
      return binder.broken(
          tree.place(),
          path,
          "'%s' is missing in %s. Add it: one of %s.",
          by,
          path.what(),
          String.join(", ", choice.variants().keySet()));
    }
    KeyPath selector = path.key(by);
    binder.written(selector, entry.place(), entry.value());
    String name = name(entry.value(), selector);
    Struct variant = name == null ? null : choice.variants().get(name);
    if (name != null && variant == null) {
      binder.unknown(
          entry.value().place(), selector, "'" + name + "'", name, choice.variants());
    }
    if (variant == null) {
      findings.breaks(path);
      return null;
    }
    String what = "%s with %s: %s".formatted(path.what(), by, name);
    List<String> keys = new ArrayList<>(List.of(by));
    keys.addAll(variant.keys());
    return binder.record(variant, tree, path, what, keys);
  }

  private @Nullable String name(Tree tree, KeyPath selector) {
    if (tree instanceof Tree.Text text && !text.empty()) {
      return substitution.apply(text, Notation.NAME, findings);
    }
    binder.misfit(new Shape.Scalar(Notation.NAME, String.class), tree, selector);
    return null;
  }

  private @Nullable Object byOnlyKey(Choice choice, Tree.Entries tree, KeyPath path) {
    if (tree.entries().isEmpty()) {
      return binder.misfit(choice, tree, path);
    }
    List<String> names = List.copyOf(choice.variants().keySet());
    binder.refuseUnknownKeys(names, tree, path, path.what());
    List<Map.Entry<String, Tree.Entry>> known = tree.entries().entrySet().stream()
        .filter(one -> names.contains(one.getKey()))
        .toList();
    if (known.size() > 1) {
      return binder.broken(
          known.get(1).getValue().place(),
          path,
          "each entry of '%s' has one key, since they are done in order. Write '- %s:'.",
          path.words(),
          known.get(1).getKey());
    }
    if (known.size() != tree.entries().size()) {
      findings.breaks(path);
      return null;
    }
    String name = known.get(0).getKey();
    Tree.Entry entry = known.get(0).getValue();
    Struct variant = Objects.requireNonNull(choice.variants().get(name));
    Field field = variant.fields().get(0);
    KeyPath child = path.key(field.component(), name);
    binder.written(child, entry.place(), entry.value());
    Object value = binder.bind(field.shape(), entry.value(), child);
    return Binder.make(variant.type(), Collections.singletonList(value));
  }

  private @Nullable Object byPresence(Choice choice, Tree.Entries tree, KeyPath path) {
    List<Map.Entry<String, Struct>> present = choice.variants().entrySet().stream()
        .filter(variant -> tree.entries().containsKey(variant.getKey()))
        .toList();
    String what =
        tree.at("name") instanceof Tree.Text name ? "step '" + name.text() + "'" : "a step";
    if (present.isEmpty()) {
      return binder.broken(
          tree.place(),
          path,
          "%s does nothing. Add one of the keys %s.",
          what,
          String.join(", ", choice.variants().keySet()));
    }
    if (present.size() > 1) {
      String second = present.get(1).getKey();
      return binder.broken(
          Objects.requireNonNull(tree.entries().get(second)).place(),
          path,
          "%s has both '%s' and '%s'. Make two steps of it.",
          what,
          present.get(0).getKey(),
          second);
    }
    Struct variant = present.get(0).getValue();
    return binder.record(variant, tree, path, what, variant.keys());
  }
}

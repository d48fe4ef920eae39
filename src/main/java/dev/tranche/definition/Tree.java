package dev.tranche.definition;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a YAML file says, with the place of every part; aliases are followed, keys are texts.
 *
 * <p>Immutable.
 */
sealed interface Tree {

  Place place();

  /** What it is, in words that follow "but is". */
  String words();

  /** The value of {@code key}; null if this is no map or has no such key. */
  default @Nullable Tree at(String key) {
    return null;
  }

  /**
   * A scalar.
   *
   * @param plain whether it stands without quotes
   * @param empty whether it is null in the sense of YAML 1.2
   */
  record Text(Place place, String text, boolean plain, boolean empty) implements Tree {

    @Override
    public String words() {
      return empty ? "empty" : plain ? "'" + text + "'" : "the text \"" + text + "\"";
    }
  }

  record Items(Place place, List<Tree> items) implements Tree {

    @Override
    public String words() {
      return "a list";
    }
  }

  /** Keys in the order written. */
  record Entries(Place place, Map<String, Entry> entries) implements Tree {

    @Override
    public String words() {
      return entries.isEmpty() ? "an empty map" : "a map";
    }

    @Override
    public @Nullable Tree at(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }
  }

  /** @param place of the key */
  record Entry(Place place, Tree value) {}
}

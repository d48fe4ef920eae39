package dev.tranche.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the place of something in a tree, for problems that are found after it was read. */
final class Walk {

  private Tree tree;
  private Place place;

  private Walk(Tree start) {
    this.tree = start;
    this.place = start.place();
  }

  /** The place that {@code way} leads to from the step called {@code step}, as far as it goes. */
  static Place to(Tree job, String step, List<?> way) {
    if (job.at("steps") instanceof Tree.Items steps) {
      for (Tree each : steps.items()) {
        if (each.at("name") instanceof Tree.Text name && name.text().equals(step)) {
          return new Walk(each).follow(way);
        }
      }
    }
    return Place.NOWHERE;
  }

  private Place follow(List<?> way) {
    for (Object part : way) {
      if (!(part instanceof Integer index ? enter(index) : enter(part.toString()))) {
        break;
      }
    }
    return place;
  }

  private boolean enter(int index) {
    if (!(tree instanceof Tree.Items list) || index >= list.items().size()) {
      return false;
    }
    tree = list.items().get(index);
    place = tree.place();
    return true;
  }

  private boolean enter(String key) {
    Tree.Entry entry = entry(tree, key);
    if (entry == null && tree instanceof Tree.Entries map && map.entries().size() == 1) {
      entry = entry(map.entries().values().iterator().next().value(), key);
    }
    if (entry == null) {
      return false;
    }
    tree = entry.value();
    place = tree instanceof Tree.Text ? tree.place() : entry.place();
    return true;
  }

  private static Tree.@Nullable Entry entry(Tree tree, String key) {
    return tree instanceof Tree.Entries map ? map.entries().get(key) : null;
  }
}

package dev.tranche.batch;

import dev.tranche.definition.Change;
import dev.tranche.definition.With;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * What an execution goes by that earlier ones of its instance did not, and who chose so: kept in its
 * own context, where stock tools show it too.
 */
record Edited(ExecutionContext context) {

  static final Edited NOTHING = new Edited(new ExecutionContext());

  private static final String WITH = "tranche.with";
  private static final String CHANGED = "tranche.changed.";

  /** @param with null: nobody chose */
  void keep(@Nullable With with, List<Change> changes) {
    forget();
    if (with != null) {
      context.putString(WITH, with.name());
    }
    changes.forEach(it -> context.putString(CHANGED + it.step() + "." + it.key(), it.words()));
  }

  /** Spring Batch hands a restart the context of the execution before. */
  private void forget() {
    List<String> before = List.copyOf(context.toMap().keySet());
    before.stream().filter(key -> key.equals(WITH) || key.startsWith(CHANGED))
        .forEach(context::remove);
  }

  /** The definition that was chosen; null if nobody chose. */
  @Nullable With with() {
    return context.get(WITH) instanceof String name ? With.valueOf(name) : null;
  }

  /** What changed, in words, by step and key. */
  List<String> changes() {
    return context.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(CHANGED))
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> String.valueOf(entry.getValue()))
        .toList();
  }
}

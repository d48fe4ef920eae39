package dev.tranche.definition;

import dev.tranche.definition.ProcessDefinition.LookedUp;
import dev.tranche.definition.ProcessDefinition.LookedUp.Missing;
import java.util.Map;

/** What the keys of {@code lookup} must have to do with each other. */
final class LookupRules {

  private final Part part;
  private final LookedUp lookup;

  LookupRules(Part part, LookedUp lookup) {
    this.part = part;
    this.lookup = lookup;
  }

  void check() {
    TableRules.source(part, lookup.table(), lookup.query());
    if (lookup.missing() != null && lookup.defaults() != null) {
      defaults(part.key("defaults"), lookup.missing(), lookup.defaults());
    }
    if (lookup.columns() != null && lookup.columns().containsKey("")) {
      part.key("columns").entry("").unwanted("a column needs a name.");
    }
  }

  private void defaults(Part at, Missing missing, Map<String, String> defaults) {
    if (missing != Missing.DEFAULT) {
      at.noEffect("with missing: " + Language.kebab(missing.name()), "set 'missing: default'");
    } else if (defaults.isEmpty() && at.sound()) {
      part.key("missing")
          .wrong(
              "%s is 'default', and there are no 'defaults'. Add them, or set it to 'no-value'.",
              part.key("missing").what());
    } else if (lookup.columns() != null) {
      defaults.keySet().stream()
          .filter(name -> !lookup.columns().containsKey(name))
          .forEach(name ->
              at.entry(name).unwanted(
                  "column '%s' is not set by this lookup.%s Columns: %s.",
                  name,
                  Nearest.hint(name, lookup.columns().keySet()),
                  Nearest.listed(lookup.columns().keySet())));
    }
  }
}

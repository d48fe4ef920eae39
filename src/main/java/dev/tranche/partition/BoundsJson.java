package dev.tranche.partition;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Bounds as JSON for {@link SliceJson}. */
final class BoundsJson {

  private BoundsJson() {}

  static ObjectNode write(Bounds bounds) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (bounds instanceof Bounds.Range range) {
      put(node, "columns", range.columns());
      put(node, "from", range.from());
      put(node, "to", range.to());
    } else if (bounds instanceof Bounds.Values values) {
      node.put("column", values.column());
      put(node, values.others() ? "not" : "is", values.values());
    } else if (bounds instanceof Bounds.Hash hash) {
      put(node, "columns", hash.columns());
      node.put("rest", hash.rest()).put("count", hash.count());
    } else if (bounds instanceof Bounds.Missing missing) {
      node.put("missing", missing.column());
    }
    return node;
  }

  /** @throws IllegalArgumentException if {@code node} is not that of bounds */
  static Bounds read(JsonNode node) {
    if (node.has("from")) {
      return new Bounds.Range(texts(node, "columns"), texts(node, "from"), texts(node, "to"));
    }
    if (node.has("column")) {
      boolean others = node.has("not");
      String column = node.get("column").stringValue();
      return new Bounds.Values(column, texts(node, others ? "not" : "is"), others);
    }
    if (node.has("rest")) {
      int count = SliceJson.get(node, "count").intValue();
      return new Bounds.Hash(texts(node, "columns"), node.get("rest").intValue(), count);
    }
    return node.has("missing")
        ? new Bounds.Missing(node.get("missing").stringValue())
        : new Bounds.All();
  }

  private static void put(ObjectNode node, String name, List<String> texts) {
    var array = node.putArray(name);
    texts.forEach(array::add);
  }

  private static List<String> texts(JsonNode node, String name) {
    List<String> texts = new ArrayList<>();
    SliceJson.get(node, name).forEach(text -> texts.add(text.stringValue()));
    return texts;
  }
}

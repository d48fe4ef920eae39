package dev.tranche.reader;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The key of the row that a place in a table is behind, as a text: a JSON array of the texts of its
 * values. The place before the first row is the empty text.
 */
final class KeyText {

  static final String START = "";

  private static final JsonMapper JSON = new JsonMapper();

  private KeyText() {}

  static String of(List<String> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    values.forEach(array::add);
    return array.toString();
  }

  /** @param text not that of the start */
  static List<String> values(String text) {
    List<String> values = new ArrayList<>();
    for (JsonNode value : JSON.readTree(text)) {
      values.add(value.stringValue());
    }
    return values;
  }
}

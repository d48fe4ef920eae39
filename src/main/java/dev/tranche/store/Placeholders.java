package dev.tranche.store;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The text of the column PLACEHOLDERS: names and values, in order, as JSON with a version. */
final class Placeholders {

  private static final int VERSION = 1;
  private static final JsonMapper MAPPER = new JsonMapper();

  private Placeholders() {}

  static String write(Map<String, String> values) {
    ObjectNode json = MAPPER.createObjectNode().put("version", VERSION);
    ObjectNode entries = json.putObject("values");
    values.forEach(entries::put);
    return json.toString();
  }

  /** @throws StoreException if a later version of Tranche wrote it */
  static Map<String, String> read(String text) {
    JsonNode json = MAPPER.readTree(text);
    int version = json.path("version").asInt(0);
    if (version != VERSION) {
      throw new StoreException("the placeholders of a step have version "
          + version
          + ", and this Tranche knows version "
          + VERSION
          + " only. Restart with the version of Tranche that wrote them");
    }
    Map<String, String> values = new LinkedHashMap<>();
    json.path("values")
        .properties()
        .forEach(each -> values.put(each.getKey(), each.getValue().asString()));
    return values;
  }
}

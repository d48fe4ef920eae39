package dev.tranche.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The key of a table as JSON for the layout; version 1. */
final class KeyFacts {

  private static final JsonMapper JSON = new JsonMapper();

  private KeyFacts() {}

  static String of(List<SourceColumn> key) {
    ObjectNode facts = JsonNodeFactory.instance.objectNode().put("version", 1);
    ArrayNode columns = facts.putArray("key");
    key.forEach(column ->
        columns.addObject().put("name", column.name()).put("type", column.type().name()));
    return facts.toString();
  }

  /** {@code (id long, day date)}. */
  static String shown(String facts) {
    List<String> columns = new ArrayList<>();
    for (JsonNode column : JSON.readTree(facts).path("key")) {
      String type = column.path("type").asString().toLowerCase(Locale.ROOT).replace('_', ' ');
      columns.add(column.path("name").asString() + " " + type);
    }
    return "(" + String.join(", ", columns) + ")";
  }
}

package dev.tranche.process;

import dev.tranche.chunk.ItemError;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Conversions;
import dev.tranche.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Entry {@code flatten}: columns taken out of JSON texts. What is not there has no value. */
final class FlattenOp implements RowOp {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The part at {@code place} of a text, for the column at {@code index} of the output. */
  record Part(String place, int index) {}

  /** The text of the column at {@code index} of the input. */
  record Source(String name, int index, List<Part> parts) {

    static Source of(
        String name, int index, Map<String, ProcessDefinition.Part> parts, Columns output) {
      List<Part> taken = new ArrayList<>();
      parts.forEach((column, part) -> {
        String from = part.from();
        taken.add(new Part(from == null ? column : from, output.indexOf(column)));
      });
      return new Source(name, index, taken);
    }
  }

  private final Columns output;
  private final List<Source> sources;

  FlattenOp(Columns output, List<Source> sources) {
    this.output = output;
    this.sources = List.copyOf(sources);
  }

  @Override
  public Row apply(Row row) {
    @Nullable Object[] values = row.toArray(output.size());
    for (Source source : sources) {
      Object text = row.get(source.index);
      JsonNode json = text == null ? null : parse(source.name, String.valueOf(text));
      for (Part part : source.parts) {
        values[part.index] = json == null ? null : value(source, part, json);
      }
    }
    return new Row(output, values);
  }

  private static JsonNode parse(String name, String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json.isContainer()) {
        return json;
      }
    } catch (JacksonException e) {
      throw new ItemError(
          "column '" + name + "' is no JSON: " + e.getOriginalMessage(), name, e);
    }
    throw new ItemError("column '" + name + "' is no JSON object", name);
  }

  private @Nullable Object value(Source source, Part part, JsonNode json) {
    ColumnType type = output.get(part.index).type();
    String place = part.place;
    JsonNode found = place.startsWith("/") ? json.at(place) : json.path(place);
    if (found.isMissingNode() || found.isNull()) {
      return null;
    }
    try {
      return Conversions.convert(plain(found), type);
    } catch (IllegalArgumentException e) {
      String column = output.get(part.index).name();
      throw new ItemError(
          "column '" + column + "', '" + place + "' of '" + source.name + "': " + e.getMessage(),
          column,
          e);
    }
  }

  private static Object plain(JsonNode node) {
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNumber() ? node.decimalValue() : node.toString();
  }
}

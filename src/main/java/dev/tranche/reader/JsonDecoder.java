package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.partition.FieldCursor;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes typed rows of JSON objects. Numbers are taken as they are written, digit by digit; what is
 * not there has no value, as null.
 *
 * <p>Safe for all threads.
 */
final class JsonDecoder implements RecordDecoder {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Columns columns;
  private final List<ColumnReader> readers;
  private final List<String> places;
  private final boolean inArray;

  /**
   * @param places for each column its key, or the path to it
   * @param inArray whether a comma or a bracket stands behind each object
   */
  JsonDecoder(
      Columns columns, List<ColumnReader> readers, List<String> places, boolean inArray) {
    this.columns = columns;
    this.readers = readers;
    this.places = places;
    this.inArray = inArray;
  }

  @Override
  public String original(byte[] bytes, int from, int to) {
    String text =
        new String(bytes, from, to - from, StandardCharsets.UTF_8).strip();
    return inArray ? text.replaceFirst("\\s*[,\\]]\\s*$", "") : text;
  }

  @Override
  public Row decode(byte[] bytes, int from, int to, long offset) {
    JsonNode object = object(bytes, from, to);
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      String place = places.get(i);
      JsonNode found = place.startsWith("/") ? object.at(place) : object.path(place);
      values[i] = found.isMissingNode() || found.isNull() ? null : value(readers.get(i), found);
    }
    return new Row(columns, values);
  }

  private JsonNode object(byte[] bytes, int from, int to) {
    int end = FieldCursor.withoutLineEnd(bytes, from, to);
    try (JsonParser parser = JSON.createParser(bytes, from, end - from)) {
      parser.nextToken();
      JsonNode node = parser.readValueAsTree();
      if (node == null || !node.isObject()) {
        throw new ItemError("the record is no JSON object", null);
      }
      checkEnd(bytes, from + (int) parser.currentLocation().getByteOffset(), end);
      return node;
    } catch (JacksonException error) {
      throw new ItemError("the record is no JSON: " + error.getOriginalMessage(), null, error);
    }
  }

  private void checkEnd(byte[] bytes, int from, int to) {
    String rest = new String(bytes, from, to - from, StandardCharsets.UTF_8).strip();
    if (inArray ? !rest.equals(",") && !rest.equals("]") : !rest.isEmpty()) {
      throw new ItemError(
          rest.isEmpty()
              ? "the array is not closed behind the record"
              : "there is more behind the JSON object",
          null);
    }
  }

  private static @Nullable Object value(ColumnReader reader, JsonNode node) {
    if (reader.type() == ColumnType.BOOLEAN && node.isBoolean()) {
      return node.booleanValue();
    }
    if (reader.type() == ColumnType.STRING && node.isContainer()) {
      return node.toString();
    }
    if (node.isContainer()) {
      throw new ItemError(
          reader.name() + ": " + (node.isArray() ? "an array" : "an object") + " is not a "
              + FieldConversions.name(reader.type()),
          reader.name());
    }
    String text =
        node.isString()
            ? node.stringValue()
            : node.isNumber() && !node.isIntegralNumber()
                ? node.decimalValue().toString()
                : node.toString();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return reader.read(bytes, 0, bytes.length);
  }
}

package dev.tranche.partition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Named values as JSON that gives back the very same values: strings, numbers, booleans, dates, and
 * maps of those.
 *
 * <p>Strings, booleans and {@code Integer}s are plain JSON; everything else is an object whose only
 * key names the type, such as {@code {"long": "5"}}. Equal values give equal text.
 */
public final class ContextJson {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String MAP = "map";

  /** A type, the name it goes by, and how its {@code toString} is read again. */
  private record Kind(Class<?> type, String name, Function<String, Object> read) {}

  private static final List<Kind> KINDS = List.of(
      new Kind(Long.class, "long", Long::valueOf),
      new Kind(Short.class, "short", Short::valueOf),
      new Kind(Byte.class, "byte", Byte::valueOf),
      new Kind(Double.class, "double", Double::valueOf),
      new Kind(Float.class, "float", Float::valueOf),
      new Kind(BigDecimal.class, "decimal", BigDecimal::new),
      new Kind(BigInteger.class, "integer", BigInteger::new),
      new Kind(LocalDate.class, "date", LocalDate::parse),
      new Kind(LocalTime.class, "time", LocalTime::parse),
      new Kind(LocalDateTime.class, "local-timestamp", LocalDateTime::parse),
      new Kind(OffsetDateTime.class, "timestamp", OffsetDateTime::parse),
      new Kind(ZonedDateTime.class, "zoned-timestamp", ZonedDateTime::parse),
      new Kind(Instant.class, "instant", Instant::parse),
      new Kind(Date.class, "java.util.Date", text -> Date.from(Instant.parse(text))),
      new Kind(Timestamp.class, "java.sql.Timestamp", Timestamp::valueOf),
      new Kind(java.sql.Date.class, "java.sql.Date", java.sql.Date::valueOf),
      new Kind(java.sql.Time.class, "java.sql.Time", java.sql.Time::valueOf));

  private ContextJson() {}

  /**
   * The JSON of {@code values}.
   *
   * @param owner whose values they are, for the message
   * @throws InputException if a value is of another class; it names the key and the class
   */
  public static String write(String owner, Map<String, ?> values) {
    return object(owner, values).toString();
  }

  /** The values that {@link #write} made {@code json} of. */
  public static Map<String, Object> read(String json) {
    try {
      return values(JSON.readTree(json));
    } catch (JacksonException error) {
      throw new IllegalArgumentException("not the JSON of named values: " + json, error);
    }
  }

  static ObjectNode object(String owner, Map<String, ?> values) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(values).forEach((key, value) -> object.set(key, node(owner, key, value)));
    return object;
  }

  static Map<String, Object> values(JsonNode object) {
    Map<String, Object> values = new LinkedHashMap<>();
    object.forEachEntry((key, node) -> values.put(key, value(node)));
    return values;
  }

  private static JsonNode node(String owner, String key, Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value instanceof String text) {
      return nodes.stringNode(text);
    }
    if (value instanceof Boolean flag) {
      return nodes.booleanNode(flag);
    }
    if (value instanceof Integer number) {
      return nodes.numberNode(number);
    }
    ObjectNode typed = nodes.objectNode();
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> entries = new TreeMap<>();
      map.forEach((name, entry) -> entries.put(String.valueOf(name), entry));
      return typed.set(MAP, object(owner, entries));
    }
    for (Kind kind : KINDS) {
      if (kind.type == value.getClass()) {
        return typed.put(
            kind.name, value.getClass() == Date.class ? instant(value) : value.toString());
      }
    }
    throw new InputException(
        owner + " keeps '" + key + "', a " + value.getClass().getName() + ", as its state. Only"
            + " strings, numbers, booleans, dates and maps of those can be kept across a restart");
  }

  private static String instant(Object date) {
    return ((Date) date).toInstant().toString();
  }

  private static Object value(JsonNode node) {
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isInt()) {
      return node.intValue();
    }
    if (node.has(MAP)) {
      return values(node.get(MAP));
    }
    for (Kind kind : KINDS) {
      if (node.has(kind.name)) {
        return kind.read.apply(node.get(kind.name).stringValue());
      }
    }
    throw new IllegalArgumentException("not a value of a known type: " + node);
  }
}

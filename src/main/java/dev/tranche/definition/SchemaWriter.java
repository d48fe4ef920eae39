package dev.tranche.definition;

import dev.tranche.definition.Shape.Choice;
import dev.tranche.definition.Shape.Field;
import dev.tranche.definition.Shape.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says a {@link Shape} in the words of JSON Schema 2020-12, as maps and lists. */
final class SchemaWriter {

  private static final Map<String, Object> PLACEHOLDER = Map.of("$ref", "#/$defs/placeholder");

  Map<String, Object> document(Struct job) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Tranche job");
    schema.putAll(struct(job));
    Map<String, Object> placeholder = object("type", "string", "pattern", "\\$\\{[^}]*\\}");
    placeholder.put("description", "A value that is known at the start of a run.");
    schema.put("$defs", Map.of("placeholder", placeholder));
    return schema;
  }

  private Map<String, Object> schema(Shape shape) {
    if (shape instanceof Shape.Scalar scalar) {
      return scalar(scalar.notation());
    }
    if (shape instanceof Shape.Word word) {
      return or(object("enum", List.copyOf(word.constants().keySet())), PLACEHOLDER);
    }
    if (shape instanceof Shape.Items items) {
      Map<String, Object> element = schema(items.element());
      Map<String, Object> list = object("type", "array", "items", element);
      return items.single() ? or(element, list) : list;
    }
    if (shape instanceof Shape.Entries entries) {
      return object("type", "object", "additionalProperties", schema(entries.value()));
    }
    if (shape instanceof Struct struct) {
      Field shorthand = struct.shorthand();
      return shorthand == null ? struct(struct) : or(schema(shorthand.shape()), struct(struct));
    }
    return choice((Choice) shape);
  }

  private static Map<String, Object> scalar(Notation notation) {
    return switch (notation) {
      case TEXT, FIXED, NAME, EXPRESSION, SQL, CRON, PATTERN, CHARSET, ZONE ->
        object("type", List.of("string", "number", "boolean"));
      case WHOLE_NUMBER -> or(object("type", "integer"), PLACEHOLDER);
      case NUMBER -> or(object("type", "number"), PLACEHOLDER);
      case TRUTH -> or(object("type", "boolean"), PLACEHOLDER);
      case BYTES -> or(object("type", "integer"), text("^\\d+ ?(B|KB|MB|GB|TB)?$"), PLACEHOLDER);
      case SHARE -> or(text("^(100|\\d\\d?)(\\.\\d+)? ?%$"), PLACEHOLDER);
      case DURATION -> or(text("^\\d+ ?(ms|s|m|h|d)$"), PLACEHOLDER);
      case CHARACTER ->
        or(object("type", "string", "minLength", 1, "maxLength", 1), digit(), PLACEHOLDER);
    };
  }

  private static Map<String, Object> digit() {
    return object("type", "integer", "minimum", 0, "maximum", 9);
  }

  private static Map<String, Object> text(String pattern) {
    return object("type", "string", "pattern", pattern);
  }

  private Map<String, Object> struct(Struct struct) {
    return struct(struct, Map.of());
  }

  /** @param first properties that come before the fields, all of them required */
  private Map<String, Object> struct(Struct struct, Map<String, Object> first) {
    Map<String, Object> properties = new LinkedHashMap<>(first);
    List<String> required = new ArrayList<>(first.keySet());
    for (Field field : struct.fields()) {
      properties.put(field.key(), property(field));
      if (field.required()) {
        required.add(field.key());
      }
    }
    Map<String, Object> schema = object("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private Map<String, Object> property(Field field) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", Reference.about(field));
    schema.putAll(schema(field.shape()));
    narrow(schema, field);
    return schema;
  }

  /** Adds what Jakarta Validation asks of the component. */
  @SuppressWarnings("unchecked")
  private static void narrow(Map<String, Object> schema, Field field) {
    if (schema.get("anyOf") instanceof List<?> ways) {
      ways.forEach(way -> narrow((Map<String, Object>) way, field));
    } else if (field.least() != null && "integer".equals(schema.get("type"))) {
      schema.put("minimum", field.least());
    } else if (field.filled() && "array".equals(schema.get("type"))) {
      schema.put("minItems", 1);
    } else if (field.filled() && "object".equals(schema.get("type"))) {
      schema.put("minProperties", 1);
    } else if (field.filled() && schema.get("type") instanceof List<?>) {
      schema.put("pattern", "\\S");
    }
  }

  private Map<String, Object> choice(Choice choice) {
    List<Object> ways = new ArrayList<>();
    choice
        .variants()
        .forEach((name, struct) -> ways.add(
            switch (choice.how().how()) {
              case KEY_VALUE -> struct(struct, Map.of(choice.how().by(), object("const", name)));
              case ONLY_KEY -> only(name, struct.fields().get(0));
              case KEY_PRESENT -> struct(struct);
            }));
    return object("type", "object", "oneOf", ways);
  }

  private Map<String, Object> only(String name, Field field) {
    Map<String, Object> schema =
        object("type", "object", "properties", object(name, property(field)));
    schema.put("required", List.of(name));
    schema.put("additionalProperties", false);
    return schema;
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  private static Map<String, Object> or(Map<String, Object>... ways) {
    return object("anyOf", List.of(ways));
  }

  /** A map that can be added to, of names and values in turn. */
  private static Map<String, Object> object(Object... pairs) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put((String) pairs[i], pairs[i + 1]);
    }
    return object;
  }
}

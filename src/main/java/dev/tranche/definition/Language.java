package dev.tranche.definition;

import dev.tranche.definition.Shape.Choice;
import dev.tranche.definition.Shape.Field;
import dev.tranche.definition.Shape.Struct;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shape of a job file, made from the records once. */
final class Language {

  static final Struct JOB = struct(JobDefinition.class);

  private Language() {}

  static Shape shape(Class<?> type) {
    if (type.isRecord()) {
      return struct(type.asSubclass(Record.class));
    }
    if (type.isEnum()) {
      return word(type);
    }
    return type.isAnnotationPresent(Variants.class)
        ? choice(type)
        : new Shape.Scalar(Notation.of(type, Notation.TEXT), type);
  }

  private static Struct struct(Class<? extends Record> type) {
    List<Field> fields =
        Arrays.stream(type.getRecordComponents()).map(Language::field).toList();
    Shorthand shorthand = type.getAnnotation(Shorthand.class);
    return new Struct(type, fields, shorthand == null ? null : named(fields, shorthand.value()));
  }

  private static Field named(List<Field> fields, String key) {
    return fields.stream().filter(field -> field.key().equals(key)).findFirst().orElseThrow();
  }

  private static Field field(RecordComponent component) {
    Key key = component.getAnnotation(Key.class);
    if (key == null) {
      throw new IllegalStateException(component + " has no @Key");
    }
    String name = kebab(component.getName());
    Method accessor = component.getAccessor();
    Min min = accessor.getAnnotation(Min.class);
    return new Field(
        key.name().isEmpty() ? name : key.name(),
        name,
        shape(component.getAnnotatedType(), key.notation()),
        key.standard(),
        component.getAnnotatedType().isAnnotationPresent(Nullable.class),
        key.value(),
        min == null ? null : min.value(),
        accessor.isAnnotationPresent(NotEmpty.class)
            || accessor.isAnnotationPresent(NotBlank.class)
            || accessor.isAnnotationPresent(Size.class));
  }

  private static Shape shape(AnnotatedType annotated, Notation notation) {
    if (annotated instanceof AnnotatedParameterizedType parameterized) {
      AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
      Shape last = shape(arguments[arguments.length - 1], notation);
      return arguments.length == 1 ? new Shape.Items(last) : new Shape.Entries(last);
    }
    Class<?> type = (Class<?>) annotated.getType();
    boolean scalar =
        !type.isRecord() && !type.isEnum() && !type.isAnnotationPresent(Variants.class);
    return scalar ? new Shape.Scalar(Notation.of(type, notation), type) : shape(type);
  }

  private static Shape word(Class<?> type) {
    Map<String, Enum<?>> constants = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(kebab(constant.toString()), (Enum<?>) constant);
    }
    return new Shape.Word(constants);
  }

  private static Choice choice(Class<?> type) {
    Map<String, Struct> variants = new LinkedHashMap<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      Variant variant = permitted.getAnnotation(Variant.class);
      String name = variant == null ? kebab(permitted.getSimpleName()) : variant.value();
      if (permitted.isRecord() && !name.isEmpty()) {
        variants.put(name, struct(permitted.asSubclass(Record.class)));
      }
    }
    return new Choice(type.getAnnotation(Variants.class), variants);
  }

  /** {@code inFlight} and {@code IN_FLIGHT} as users write them: {@code in-flight}. */
  static String kebab(String name) {
    return name.replace('_', '-').replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}

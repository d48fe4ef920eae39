package dev.tranche.definition;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path.Node;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/** Jakarta Validation of the records, with the places of what breaks a constraint. */
final class Validation {

  private static final Validator VALIDATOR = jakarta.validation.Validation.byProvider(
          HibernateValidator.class)
      .configure()
      .messageInterpolator(
          new ParameterMessageInterpolator(Set.of(Locale.ENGLISH), Locale.ENGLISH, false))
      .buildValidatorFactory()
      .getValidator();

  private Validation() {}

  static void check(JobDefinition job, Findings findings) {
    for (ConstraintViolation<JobDefinition> violation : VALIDATOR.validate(job)) {
      KeyPath path = path(violation);
      if (findings.sound(path.property())) {
        findings.add(findings.value(path.property()), message(findings.what(path), violation));
      }
    }
  }

  private static KeyPath path(ConstraintViolation<JobDefinition> violation) {
    KeyPath path = KeyPath.ROOT;
    for (Node node : violation.getPropertyPath()) {
      if (node.getIndex() != null) {
        path = path.item(node.getIndex());
      } else if (node.getKey() != null) {
        path = path.entry(node.getKey().toString());
      }
      if (node.getName() != null && !node.getName().startsWith("<")) {
        path = path.key(Language.kebab(node.getName()));
      }
    }
    return path;
  }

  private static String message(String what, ConstraintViolation<?> violation) {
    Object value = violation.getInvalidValue();
    boolean empty = value instanceof CharSequence
        || value instanceof Collection<?> list && list.isEmpty()
        || value instanceof Map<?, ?> map && map.isEmpty();
    String found = value == null || empty ? "" : ", but is " + shown(value);
    return "%s %s%s.".formatted(what, violation.getMessage(), found);
  }

  private static String shown(Object value) {
    return value instanceof Duration duration ? duration.toMillis() + "ms" : value.toString();
  }
}

package dev.tranche.process;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.OperatorOverloader;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypeComparator;
import org.springframework.expression.TypeConverter;
import org.springframework.expression.TypeLocator;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.SpelEvaluationException;
import org.springframework.expression.spel.SpelMessage;
import org.springframework.expression.spel.support.StandardOperatorOverloader;
import org.springframework.expression.spel.support.StandardTypeConverter;

/**
 * What an expression can reach: the columns of the row, the job's parameters, and the functions of
 * {@link Functions}. No types, no constructors, no beans, nothing that writes.
 *
 * <p>{@link ExpressionCheck} refuses all of that before a row is read; this is the second lock.
 * Immutable; safe for all threads.
 */
final class RowContext implements EvaluationContext {

  private static final List<PropertyAccessor> PROPERTIES = List.of(new RowProperties());
  private static final List<MethodResolver> METHODS = List.of(new Functions());
  private static final TypeConverter CONVERTER =
      new StandardTypeConverter(DefaultConversionService::getSharedInstance);
  private static final TypeComparator COMPARATOR = new ValueComparator();
  private static final OperatorOverloader NO_OVERLOADS = new StandardOperatorOverloader();

  private final Map<String, Object> parameters;

  RowContext(Map<String, Object> parameters) {
    this.parameters = Map.copyOf(parameters);
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  @Override
  public TypedValue getRootObject() {
    return TypedValue.NULL;
  }

  @Override
  public List<PropertyAccessor> getPropertyAccessors() {
    return PROPERTIES;
  }

  @Override
  public List<MethodResolver> getMethodResolvers() {
    return METHODS;
  }

  @Override
  public @Nullable BeanResolver getBeanResolver() {
    return null;
  }

  @Override
  public TypeLocator getTypeLocator() {
    return name -> {
      throw new SpelEvaluationException(SpelMessage.TYPE_NOT_FOUND, name);
    };
  }

  @Override
  public TypeConverter getTypeConverter() {
    return CONVERTER;
  }

  @Override
  public TypeComparator getTypeComparator() {
    return COMPARATOR;
  }

  @Override
  public OperatorOverloader getOperatorOverloader() {
    return NO_OVERLOADS;
  }

  @Override
  public void setVariable(String name, @Nullable Object value) {
    throw new UnsupportedOperationException("expressions cannot set variables");
  }

  @Override
  public @Nullable Object lookupVariable(String name) {
    return parameters.get(name);
  }

  @Override
  public boolean isAssignmentEnabled() {
    return false;
  }
}

package dev.tranche.process;

import dev.tranche.row.Row;
import java.math.BigDecimal;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.Literal;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpAnd;
import org.springframework.expression.spel.ast.OpDivide;
import org.springframework.expression.spel.ast.OpEQ;
import org.springframework.expression.spel.ast.OpGE;
import org.springframework.expression.spel.ast.OpGT;
import org.springframework.expression.spel.ast.OpLE;
import org.springframework.expression.spel.ast.OpLT;
import org.springframework.expression.spel.ast.OpMinus;
import org.springframework.expression.spel.ast.OpMultiply;
import org.springframework.expression.spel.ast.OpNE;
import org.springframework.expression.spel.ast.OpOr;
import org.springframework.expression.spel.ast.OpPlus;
import org.springframework.expression.spel.ast.Operator;
import org.springframework.expression.spel.ast.OperatorNot;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.StringLiteral;
import org.springframework.expression.spel.ast.Ternary;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * Makes of a checked expression what gives its value directly: columns by their places, values of
 * the few types that rows have. SpEL's own compiler knows neither decimals nor the methods of {@link
 * Functions}, so that it would compile next to nothing here.
 *
 * <p>What is made gives the value that SpEL gives, or throws; then SpEL is to be asked, whose value or
 * message counts. So only the usual has to be done here.
 */
final class ExpressionCompiler {

  /** Gives the value of an expression. Safe for all threads. */
  @FunctionalInterface
  interface Compiled {

    /** @throws RuntimeException if SpEL is to be asked */
    @Nullable Object value(Row row);
  }

  /** Thrown where something is not usual. It costs nothing, as it knows no place. */
  private static final class Unusual extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Unusual INSTANCE = new Unusual();

    private Unusual() {
      super("SpEL is to be asked", null, false, false);
    }
  }

  private final List<String> columns;
  private final RowContext context;

  /** @param columns of the rows, in their order */
  ExpressionCompiler(List<String> columns, RowContext context) {
    this.columns = columns;
    this.context = context;
  }

  /** Null if there is something in it that only SpEL can do. */
  @Nullable Compiled compile(SpelNode node) {
    if (node instanceof Literal literal) {
      Object value = literal.getLiteralValue().getValue();
      return row -> value;
    }
    if (node instanceof PropertyOrFieldReference column) {
      return column(column.getName());
    }
    if (node instanceof Indexer && node.getChild(0) instanceof StringLiteral name) {
      return column(String.valueOf(name.getLiteralValue().getValue()));
    }
    if (node instanceof VariableReference) {
      Object value = context.parameters().get(node.toStringAST().substring(1));
      return row -> value;
    }
    List<Compiled> parts = new ArrayList<>();
    int operands = node instanceof CompoundExpression ? 1 : node.getChildCount();
    for (int i = 0; i < operands; i++) {
      Compiled part = compile(node.getChild(i));
      if (part == null) {
        return null;
      }
      parts.add(part);
    }
    if (node instanceof CompoundExpression) {
      return compound(node, parts.get(0));
    }
    return switch (parts.size()) {
      case 1 -> node instanceof OperatorNot ? not(parts.get(0)) : null;
      case 2 -> binary(node, parts.get(0), parts.get(1));
      case 3 -> node instanceof Ternary ? choice(parts.get(0), parts.get(1), parts.get(2)) : null;
      default -> null;
    };
  }

  private @Nullable Compiled column(String name) {
    int index = columns.indexOf(name);
    return index < 0
        ? null
        : row -> {
          if (index >= row.columns().size() || !row.columns().get(index).name().equals(name)) {
            throw Unusual.INSTANCE;
          }
          return row.get(index);
        };
  }

  // -- truth --

  private static boolean truth(Compiled part, Row row) {
    if (part.value(row) instanceof Boolean truth) {
      return truth;
    }
    throw Unusual.INSTANCE;
  }

  private static Compiled not(Compiled part) {
    return row -> !truth(part, row);
  }

  private static Compiled choice(Compiled condition, Compiled yes, Compiled no) {
    return row -> truth(condition, row) ? yes.value(row) : no.value(row);
  }

  // -- two operands --

  private @Nullable Compiled binary(SpelNode node, Compiled left, Compiled right) {
    if (node instanceof OpAnd) {
      return row -> truth(left, row) && truth(right, row);
    }
    if (node instanceof OpOr) {
      return row -> truth(left, row) || truth(right, row);
    }
    if (node instanceof OpEQ) {
      return row -> equal(left.value(row), right.value(row));
    }
    if (node instanceof OpNE) {
      return row -> !equal(left.value(row), right.value(row));
    }
    if (node instanceof OpGT) {
      return row -> compare(left.value(row), right.value(row)) > 0;
    }
    if (node instanceof OpGE) {
      return row -> compare(left.value(row), right.value(row)) >= 0;
    }
    if (node instanceof OpLT) {
      return row -> compare(left.value(row), right.value(row)) < 0;
    }
    if (node instanceof OpLE) {
      return row -> compare(left.value(row), right.value(row)) <= 0;
    }
    char operator = operator(node);
    return operator == ' ' ? null : row -> calculate(operator, left.value(row), right.value(row));
  }

  private static char operator(SpelNode node) {
    if (node instanceof OpPlus) {
      return '+';
    }
    if (node instanceof OpMinus) {
      return '-';
    }
    if (node instanceof OpMultiply) {
      return '*';
    }
    return node instanceof OpDivide ? '/' : ' ';
  }

  private boolean equal(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Number one && right instanceof Number two) {
      return isNotANumber(one) || isNotANumber(two) ? unusual() : numbers(one, two) == 0;
    }
    return left instanceof String && right instanceof String
        ? left.equals(right)
        : Operator.equalityCheck(context, left, right);
  }

  private int compare(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Number one && right instanceof Number two) {
      return isNotANumber(one) || isNotANumber(two) ? (unusual() ? 1 : 0) : numbers(one, two);
    }
    if (left instanceof String one && right instanceof String two) {
      return one.compareTo(two);
    }
    if (context.getTypeComparator().canCompare(left, right)) {
      return context.getTypeComparator().compare(left, right);
    }
    throw Unusual.INSTANCE;
  }

  private static boolean unusual() {
    throw Unusual.INSTANCE;
  }

  private static boolean isNotANumber(Number number) {
    return number instanceof Double value && value.isNaN();
  }

  private static int numbers(Number left, Number right) {
    if (left instanceof BigDecimal || right instanceof BigDecimal) {
      return decimal(left).compareTo(decimal(right));
    }
    if (left instanceof Double || right instanceof Double) {
      double one = left.doubleValue();
      double two = right.doubleValue();
      return one < two ? -1 : one > two ? 1 : 0;
    }
    return Long.compare(left.longValue(), right.longValue());
  }

  private static BigDecimal decimal(Number number) {
    return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
  }

  private static Object calculate(char operator, @Nullable Object left, @Nullable Object right) {
    if (operator == '+' && left instanceof String one && right instanceof String two) {
      return one.concat(two);
    }
    if (!(left instanceof Number one) || !(right instanceof Number two)) {
      throw Unusual.INSTANCE;
    }
    if (one instanceof BigDecimal || two instanceof BigDecimal) {
      BigDecimal first = decimal(one);
      BigDecimal second = decimal(two);
      return switch (operator) {
        case '+' -> first.add(second);
        case '-' -> first.subtract(second);
        case '*' -> first.multiply(second);
        default -> throw Unusual.INSTANCE;
      };
    }
    if (one instanceof Double || two instanceof Double) {
      double first = one.doubleValue();
      double second = two.doubleValue();
      return switch (operator) {
        case '+' -> first + second;
        case '-' -> first - second;
        case '*' -> first * second;
        default -> first / second;
      };
    }
    if (one instanceof Integer && two instanceof Integer) {
      throw Unusual.INSTANCE; // literals only, which SpEL calculates as such
    }
    long first = one.longValue();
    long second = two.longValue();
    return switch (operator) {
      case '+' -> first + second;
      case '-' -> first - second;
      case '*' -> first * second;
      default -> first / second;
    };
  }

  // -- methods and parts --

  private @Nullable Compiled compound(SpelNode node, Compiled first) {
    Compiled value = first;
    for (int i = 1; i < node.getChildCount(); i++) {
      SpelNode part = node.getChild(i);
      Compiled before = value;
      if (part instanceof MethodReference method) {
        value = method(before, method, part);
      } else if (part instanceof PropertyOrFieldReference property) {
        value = part(before, RowProperties.PARTS.get(property.getName()));
      } else {
        value = null;
      }
      if (value == null) {
        return null;
      }
    }
    return value;
  }

  private @Nullable Compiled method(Compiled on, MethodReference method, SpelNode node) {
    String name = method.getName();
    Compiled[] arguments = new Compiled[node.getChildCount()];
    for (int i = 0; i < arguments.length; i++) {
      Compiled argument = compile(node.getChild(i));
      if (argument == null) {
        return null;
      }
      arguments[i] = argument;
    }
    return row -> {
      Object target = on.value(row);
      Functions.Function function =
          target == null ? null : Functions.find(target, name, arguments.length);
      if (function == null) {
        throw Unusual.INSTANCE;
      }
      @Nullable Object[] values = new Object[arguments.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = arguments[i].value(row);
      }
      return Functions.call(function, target, values);
    };
  }

  private static @Nullable Compiled part(Compiled on, @Nullable ChronoField field) {
    return field == null
        ? null
        : row -> {
          if (on.value(row) instanceof TemporalAccessor moment && moment.isSupported(field)) {
            return moment.getLong(field);
          }
          throw Unusual.INSTANCE;
        };
  }
}

package dev.tranche.process;

import dev.tranche.definition.Nearest;
import dev.tranche.row.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.BooleanLiteral;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Elvis;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineList;
import org.springframework.expression.spel.ast.IntLiteral;
import org.springframework.expression.spel.ast.LongLiteral;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.NullLiteral;
import org.springframework.expression.spel.ast.OpAnd;
import org.springframework.expression.spel.ast.OpDivide;
import org.springframework.expression.spel.ast.OpEQ;
import org.springframework.expression.spel.ast.OpGE;
import org.springframework.expression.spel.ast.OpGT;
import org.springframework.expression.spel.ast.OpLE;
import org.springframework.expression.spel.ast.OpLT;
import org.springframework.expression.spel.ast.OpMinus;
import org.springframework.expression.spel.ast.OpModulus;
import org.springframework.expression.spel.ast.OpMultiply;
import org.springframework.expression.spel.ast.OpNE;
import org.springframework.expression.spel.ast.OpOr;
import org.springframework.expression.spel.ast.OpPlus;
import org.springframework.expression.spel.ast.OperatorBetween;
import org.springframework.expression.spel.ast.OperatorMatches;
import org.springframework.expression.spel.ast.OperatorNot;
import org.springframework.expression.spel.ast.OperatorPower;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.RealLiteral;
import org.springframework.expression.spel.ast.StringLiteral;
import org.springframework.expression.spel.ast.Ternary;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * Walks a parsed expression before any row is read: refuses all but a short list of constructs,
 * finds unknown names, and works out the type of the result.
 *
 * <p>A type of null means: not known before a row is there.
 */
final class ExpressionCheck {

  private static final String ALLOWED =
      "Allowed are columns, #parameters, literals, operators, and methods of texts, numbers and"
          + " times.";

  /** Something wrong at a character of the text, counted from 1. */
  record Finding(int character, String message) {}

  // -- given --
  private final @Nullable Map<String, ColumnType> columns;
  private final Map<String, Object> parameters;

  // -- so far --
  private final List<Finding> findings = new ArrayList<>();

  /** @param columns what a row has; null if that is not known yet */
  ExpressionCheck(@Nullable Map<String, ColumnType> columns, Map<String, Object> parameters) {
    this.columns = columns;
    this.parameters = parameters;
  }

  List<Finding> findings() {
    return findings;
  }

  /** The type that {@code node} gives; whatever is wrong goes to {@link #findings()}. */
  @Nullable ColumnType type(SpelNode node) {
    ColumnType literal = literal(node);
    if (literal != null || node instanceof NullLiteral) {
      return literal;
    }
    if (node instanceof PropertyOrFieldReference column) {
      return column(node, column.getName());
    }
    if (node instanceof Indexer && node.getChild(0) instanceof StringLiteral name) {
      return column(node, String.valueOf(name.getLiteralValue().getValue()));
    }
    if (node instanceof VariableReference) {
      return variable(node);
    }
    if (node instanceof CompoundExpression) {
      return compound(node);
    }
    if (node instanceof Ternary) {
      requireTruth(node.getChild(0));
      return common(node.getChild(1), node.getChild(2));
    }
    if (node instanceof Elvis) {
      return common(node.getChild(0), node.getChild(1));
    }
    ColumnType operator = operator(node);
    if (operator != null || isArithmetic(node)) {
      return operator;
    }
    return refuse(node);
  }

  private static @Nullable ColumnType literal(SpelNode node) {
    if (node instanceof StringLiteral) {
      return ColumnType.STRING;
    }
    if (node instanceof IntLiteral || node instanceof LongLiteral) {
      return ColumnType.LONG;
    }
    if (node instanceof RealLiteral) {
      return ColumnType.DOUBLE;
    }
    return node instanceof BooleanLiteral ? ColumnType.BOOLEAN : null;
  }

  private @Nullable ColumnType column(SpelNode node, String name) {
    if (columns == null) {
      return null;
    }
    if (!columns.containsKey(name)) {
      find(
          node,
          "there is no column '" + name + "'. " + Nearest.hint(name, "columns", columns.keySet()));
    }
    return columns.get(name);
  }

  private @Nullable ColumnType variable(SpelNode node) {
    String name = node.toStringAST().substring(1);
    Object value = parameters.get(name);
    if (value == null) {
      find(
          node,
          "there is no parameter '"
              + name
              + "'. "
              + Nearest.hint(name, "parameters", parameters.keySet()));
      return null;
    }
    for (ColumnType type : ColumnType.values()) {
      if (type.javaType().isInstance(value)) {
        return type;
      }
    }
    return null;
  }

  /** {@code a.b().c}: each part works on what the one before gave. */
  private @Nullable ColumnType compound(SpelNode node) {
    SpelNode first = node.getChild(0);
    boolean list = first instanceof InlineList;
    ColumnType type = null;
    if (list) {
      each(first);
    } else {
      type = type(first);
    }
    for (int i = 1; i < node.getChildCount(); i++) {
      SpelNode part = node.getChild(i);
      if (list) {
        type = listMethod(part);
        list = false;
      } else if (part instanceof MethodReference method) {
        type = method(type, part, method.getName());
      } else if (part instanceof PropertyOrFieldReference property) {
        type = part(type, part, property.getName());
      } else {
        return refuse(part);
      }
    }
    return type;
  }

  private @Nullable ColumnType listMethod(SpelNode part) {
    if (part instanceof MethodReference method
        && method.getName().equals("contains")
        && part.getChildCount() == 1) {
      each(part);
      return ColumnType.BOOLEAN;
    }
    find(part, "of a list, only contains(value) may be called.");
    return null;
  }

  private @Nullable ColumnType method(@Nullable ColumnType on, SpelNode node, String name) {
    each(node);
    List<Functions.Function> named = Functions.named(on, name);
    if (named.isEmpty()) {
      String of = on == null ? "" : " of a " + lower(on);
      String hint = Nearest.hint(name, "methods", Functions.names(on));
      find(node, "there is no method '" + name + "'" + of + ". " + hint);
      return null;
    }
    int given = node.getChildCount();
    if (named.stream().noneMatch(function -> function.parameters().size() == given)) {
      int wanted = named.get(0).parameters().size();
      find(node, "method '" + name + "' takes " + wanted + " arguments, and there are " + given);
    }
    ColumnType result = named.get(0).result();
    return named.stream().allMatch(function -> function.result() == result) ? result : null;
  }

  private @Nullable ColumnType part(@Nullable ColumnType on, SpelNode node, String name) {
    boolean moment =
        on == null || on == ColumnType.DATE || on == ColumnType.TIME || on == ColumnType.TIMESTAMP;
    if (!moment || !RowProperties.PARTS.containsKey(name)) {
      String of = on == null ? "" : " of a " + lower(on);
      find(node, "there is no '" + name + "'" + of + ". " + ALLOWED);
      return null;
    }
    return ColumnType.LONG;
  }

  private @Nullable ColumnType operator(SpelNode node) {
    if (node instanceof OpAnd || node instanceof OpOr || node instanceof OperatorNot) {
      for (int i = 0; i < node.getChildCount(); i++) {
        requireTruth(node.getChild(i));
      }
      return ColumnType.BOOLEAN;
    }
    if (isComparison(node)) {
      compare(node, node instanceof OpEQ || node instanceof OpNE);
      return ColumnType.BOOLEAN;
    }
    if (node instanceof OperatorMatches) {
      each(node);
      regularExpression(node.getChild(1));
      return ColumnType.BOOLEAN;
    }
    if (node instanceof OperatorBetween && node.getChild(1) instanceof InlineList) {
      type(node.getChild(0));
      each(node.getChild(1));
      return ColumnType.BOOLEAN;
    }
    return isArithmetic(node) ? arithmetic(node) : null;
  }

  private void regularExpression(SpelNode node) {
    if (node instanceof StringLiteral literal) {
      try {
        Pattern.compile(String.valueOf(literal.getLiteralValue().getValue()));
      } catch (PatternSyntaxException e) {
        find(node, "this is no regular expression: " + e.getDescription() + ".");
      }
    }
  }

  private static boolean isComparison(SpelNode node) {
    return node instanceof OpEQ
        || node instanceof OpNE
        || node instanceof OpLT
        || node instanceof OpLE
        || node instanceof OpGT
        || node instanceof OpGE;
  }

  private static boolean isArithmetic(SpelNode node) {
    return node instanceof OpPlus
        || node instanceof OpMinus
        || node instanceof OpMultiply
        || node instanceof OpDivide
        || node instanceof OpModulus
        || node instanceof OperatorPower;
  }

  private @Nullable ColumnType arithmetic(SpelNode node) {
    ColumnType left = type(node.getChild(0));
    ColumnType right = node.getChildCount() > 1 ? type(node.getChild(1)) : left;
    if (node instanceof OpPlus && (left == ColumnType.STRING || right == ColumnType.STRING)) {
      return ColumnType.STRING;
    }
    for (ColumnType type : new @Nullable ColumnType[] {left, right}) {
      if (type != null && !isNumber(type)) {
        find(node, "a " + lower(type) + " is no number.");
        return null;
      }
    }
    return left == null || right == null ? null : wider(left, right);
  }

  private void compare(SpelNode node, boolean equality) {
    ColumnType left = type(node.getChild(0));
    ColumnType right = type(node.getChild(1));
    if (left == null || right == null || left == right || isNumber(left) && isNumber(right)) {
      return;
    }
    boolean asText = left == ColumnType.STRING && isOrderedText(right)
        || right == ColumnType.STRING && isOrderedText(left);
    if (equality || !asText) {
      String never = equality ? "which are never equal" : "which cannot be compared";
      String hint = asText ? " With <, <=, > and >= the text is read as a " : "";
      hint += asText ? lower(left == ColumnType.STRING ? right : left) + "." : "";
      find(
          node,
          "this compares a " + lower(left) + " with a " + lower(right) + ", " + never + "." + hint);
    }
  }

  private static boolean isOrderedText(ColumnType type) {
    return switch (type) {
      case DATE, TIME, TIMESTAMP, UUID -> true;
      default -> false;
    };
  }

  private static boolean isNumber(ColumnType type) {
    return type == ColumnType.LONG || type == ColumnType.DECIMAL || type == ColumnType.DOUBLE;
  }

  /** What the calculator makes of two numbers: any decimal gives a decimal. */
  private static ColumnType wider(ColumnType left, ColumnType right) {
    if (left == ColumnType.DECIMAL || right == ColumnType.DECIMAL) {
      return ColumnType.DECIMAL;
    }
    return left == ColumnType.DOUBLE || right == ColumnType.DOUBLE
        ? ColumnType.DOUBLE
        : ColumnType.LONG;
  }

  private @Nullable ColumnType common(SpelNode one, SpelNode two) {
    ColumnType left = type(one);
    ColumnType right = type(two);
    if (one instanceof NullLiteral || two instanceof NullLiteral) {
      return one instanceof NullLiteral ? right : left;
    }
    if (left == null || right == null || left == right) {
      return left == right ? left : null;
    }
    return isNumber(left) && isNumber(right) ? wider(left, right) : null;
  }

  private void requireTruth(SpelNode node) {
    ColumnType type = type(node);
    if (type != null && type != ColumnType.BOOLEAN) {
      find(node, "this must be true or false, and it is a " + lower(type) + ".");
    }
  }

  private void each(SpelNode node) {
    for (int i = 0; i < node.getChildCount(); i++) {
      type(node.getChild(i));
    }
  }

  private @Nullable ColumnType refuse(SpelNode node) {
    find(node, "'" + node.toStringAST() + "' may not be used here. " + ALLOWED);
    return null;
  }

  private void find(SpelNode node, String message) {
    findings.add(new Finding(node.getStartPosition() + 1, message));
  }

  private static String lower(ColumnType type) {
    return Objects.requireNonNull(type).name().toLowerCase(Locale.ROOT);
  }
}

package dev.tranche.definition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.OpDec;
import org.springframework.expression.spel.ast.OpInc;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * What can be said of a SpEL expression without running it: that it is one, that it only looks, and
 * that the columns and parameters it names are there.
 *
 * <p>This is advice for the user; what keeps a job from harm is the context that expressions run
 * in.
 */
final class ExpressionRules {

  private final @Nullable Set<String> columns;
  private final Set<String> parameters;
  private final List<String> problems = new ArrayList<>();

  /** @param columns of the row; null if they are not known */
  ExpressionRules(@Nullable Set<String> columns, Set<String> parameters) {
    this.columns = columns;
    this.parameters = parameters;
  }

  /** The problems of {@code expression}, as sentences. */
  List<String> check(String expression) {
    try {
      SpelExpression parsed =
          (SpelExpression) new SpelExpressionParser().parseExpression(expression);
      look(parsed.getAST());
    } catch (ParseException e) {
      String found = String.valueOf(e.getSimpleMessage()).replaceFirst("^EL\\d+E: ", "");
      String hint = expression.contains("#") ? "" : " Outside quotes, ' #' begins a comment.";
      problems.add("\"%s\" is no expression: %s, at character %d.%s"
          .formatted(expression, found, e.getPosition() + 1, hint));
    } catch (IllegalArgumentException e) {
      // What Spring's parser throws where an operand is missing at the very end, as in "a =".
      problems.add("\"%s\" is no expression: something is missing.".formatted(expression));
    }
    return problems;
  }

  static String noColumn(String name, Collection<String> columns) {
    return "there is no column '%s' here.%s Columns: %s."
        .formatted(name, Nearest.hint(name, columns), Nearest.listed(columns));
  }

  private void look(SpelNode node) {
    if (node instanceof PropertyOrFieldReference column) {
      column(column.getName());
    } else if (node instanceof VariableReference) {
      variable(node.toStringAST().substring(1));
    } else if (node instanceof TypeReference
        || node instanceof BeanReference
        || node instanceof ConstructorReference) {
      problems.add(
          "'%s' is not allowed: expressions see columns and parameters, no classes and no beans. Use"
                  .formatted(node.toStringAST())
              + " a 'bean:' entry instead.");
      return;
    } else if (node instanceof Assign || node instanceof OpInc || node instanceof OpDec) {
      problems.add("'%s' is not allowed: expressions only look. Use 'set:' to change a column."
          .formatted(node.toStringAST()));
      return;
    }
    boolean path = node instanceof CompoundExpression;
    for (int i = 0; i < node.getChildCount(); i++) {
      SpelNode child = node.getChild(i);
      // In a.b, b belongs to a's value, as do names inside ?[ ] and ![ ].
      boolean foreign = path && i > 0 && child instanceof PropertyOrFieldReference;
      if (!foreign && !(node instanceof Selection) && !(node instanceof Projection)) {
        look(child);
      }
    }
  }

  private void column(String name) {
    if (columns != null && !columns.contains(name)) {
      problems.add(noColumn(name, columns));
    }
  }

  private void variable(String name) {
    if (!parameters.contains(name)) {
      String hint = Nearest.hint(name, parameters);
      String declared = parameters.isEmpty() ? "none" : String.join(", ", parameters);
      problems.add("there is no parameter '%s'.%s Declared: %s.".formatted(name, hint, declared));
    }
  }
}

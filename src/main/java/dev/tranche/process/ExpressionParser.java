package dev.tranche.process;

import dev.tranche.row.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Makes {@link RowExpression}s of what users wrote. Safe for all threads. */
final class ExpressionParser {

  private final SpelExpressionParser parser = new SpelExpressionParser();
  private final RowContext context;

  ExpressionParser(Map<String, Object> parameters) {
    this.context = new RowContext(parameters);
  }

  /**
   * @param columns what a row has, in its order; null if that is not known yet
   * @param problems told of everything that is wrong, with the text and the character in it
   * @return null if something is wrong
   */
  @Nullable RowExpression parse(
      String text, @Nullable Map<String, ColumnType> columns, Consumer<String> problems) {
    SpelExpression expression;
    try {
      expression = parser.parseRaw(text);
    } catch (ParseException e) {
      problems.accept(at(text, e.getPosition() + 1, lowerFirst(e.getSimpleMessage())));
      return null;
    } catch (IllegalArgumentException | IllegalStateException e) {
      problems.accept(at(text, 1, "there is no expression"));
      return null;
    }
    ExpressionCheck check = new ExpressionCheck(columns, context.parameters());
    ColumnType type = check.type(expression.getAST());
    check
        .findings()
        .forEach(found -> problems.accept(at(text, found.character(), found.message())));
    if (!check.findings().isEmpty()) {
      return null;
    }
    ExpressionCompiler.Compiled compiled =
        columns == null
            ? null
            : new ExpressionCompiler(List.copyOf(columns.keySet()), context)
                .compile(expression.getAST());
    return new RowExpression(expression, compiled, context, type);
  }

  private static String at(String text, int character, String message) {
    return "\"" + text + "\", character " + Math.max(1, character) + ": " + message;
  }

  private static String lowerFirst(String message) {
    String text = message.replaceFirst("^EL\\d+E: ", "");
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }
}

package dev.tranche.plan;

import dev.tranche.definition.SqlStepDefinition;
import dev.tranche.store.Database;
import dev.tranche.store.Platform;
import java.sql.SQLException;
import java.util.Map;

/** Statements in one transaction of {@code target}, together with their checkpoint. */
public record SqlStepPlan(SqlStepDefinition definition, Database target) implements StepPlan {

  @Override
  public String name() {
    return definition.name();
  }

  @Override
  public Map<String, Integer> connections() {
    return Map.of(target.name(), 1);
  }

  /** Whether a statement commits by itself there, so that not all are in one transaction. */
  public boolean commitsByItself() throws SQLException {
    return target.platform() != Platform.POSTGRESQL && definition.hasDdl();
  }

  /** What it promises, and why; the product is asked for. */
  public String guarantee() {
    try {
      return commitsByItself()
          ? "at least once: DDL commits by itself on "
              + target.platform().product()
              + ", so that a crash in between repeats statements"
          : "exactly once: the statements and their checkpoint are committed in one transaction";
    } catch (SQLException away) {
      return "unknown, since database '" + target.name() + "' is away: " + away.getMessage();
    }
  }

  /** What a user should know after a statement failed. */
  public String afterFailure() throws SQLException {
    return commitsByItself()
        ? "What the statements before it did may stay, since DDL commits by itself on "
            + target.platform().product()
            + "; a restart runs them all again"
        : "Nothing the step did is committed; a restart runs it again";
  }
}

package dev.tranche.plan;

import dev.tranche.definition.TaskletStepDefinition;
import dev.tranche.store.Database;
import java.util.Map;

/** A call of a {@code Tasklet} bean. */
public record TaskletStepPlan(TaskletStepDefinition definition, Database target)
    implements StepPlan {

  @Override
  public String name() {
    return definition.name();
  }

  @Override
  public Map<String, Integer> connections() {
    return Map.of(target.name(), 1);
  }
}

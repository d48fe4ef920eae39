package dev.tranche.plan;

import dev.tranche.definition.Change;
import dev.tranche.definition.JobFile;
import dev.tranche.definition.OnCrash;
import dev.tranche.definition.Parameters;
import java.util.List;
import java.util.Map;

/**
 * A job as it will be done, with its parameters bound. Immutable.
 *
 * @param changes since the steps began that this goes by
 * @param placeholders name to value of everything that was resolved, to be frozen
 */
public record JobPlan(
    JobFile file,
    Parameters parameters,
    Map<String, String> placeholders,
    OnCrash onCrash,
    List<StepPlan> steps,
    List<Change> changes) {

  public JobPlan {
    steps = List.copyOf(steps);
    changes = List.copyOf(changes);
  }

  public String job() {
    return file.name();
  }
}

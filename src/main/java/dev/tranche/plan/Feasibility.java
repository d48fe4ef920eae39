package dev.tranche.plan;

import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.definition.Nearest;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.partition.InputException;
import dev.tranche.plan.NamedBeans.Role;
import dev.tranche.store.Database;
import dev.tranche.store.Databases;
import dev.tranche.store.StepState;
import dev.tranche.store.StoreException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds what keeps a plan from working here, before it is started. One use, one thread. */
final class Feasibility {

  private static final int VIRTUAL_THREADS = 21;

  private final Databases databases;
  private final NamedBeans beans;
  private final List<String> problems;

  Feasibility(Databases databases, NamedBeans beans, List<String> problems) {
    this.databases = databases;
    this.beans = beans;
    this.problems = problems;
  }

  /** @param frozen steps that were laid out before: their inputs are checked as they restart */
  void check(List<StepPlan> steps, List<StepState> frozen) {
    Set<String> laidOut = frozen.stream().map(StepState::step).collect(Collectors.toSet());
    boolean inputsAreThere = true;
    boolean tablesAreThere = true;
    for (StepPlan step : steps) {
      checkPools(step);
      if (step instanceof TaskletStepPlan tasklet) {
        bean(step, tasklet.definition().tasklet(), Role.TASKLET);
        inputsAreThere = false; // it may be what makes the files of later steps
      } else if (step instanceof ChunkStepPlan chunks) {
        boolean sound = beansOf(chunks) & threads(chunks);
        boolean table = chunks.definition().read() instanceof ReadDefinition.Jdbc;
        boolean isThere = inputsAreThere && (!table || tablesAreThere);
        if (sound && isThere && !laidOut.contains(step.name())) {
          examine(chunks);
        }
        inputsAreThere &= chunks.definition().write() instanceof WriteDefinition.Jdbc;
      }
      tablesAreThere = false; // each step before may be what makes or changes the table
    }
  }

  private void examine(ChunkStepPlan step) {
    try {
      String obstacle = step.ready().obstacle();
      if (obstacle != null) {
        problems.add("step '" + step.name() + "': " + obstacle);
      }
    } catch (InputException | StoreException unusable) {
      problems.add("step '" + step.name() + "': " + unusable.getMessage());
    } catch (PlanException unfit) {
      problems.addAll(unfit.problems());
    }
  }

  private boolean threads(ChunkStepPlan step) {
    boolean sound =
        step.definition().stages().stream()
                .noneMatch(stage -> stage.threads() == ChunkDefinition.Threads.VIRTUAL)
            || Runtime.version().feature() >= VIRTUAL_THREADS;
    if (!sound) {
      problems.add(
          "step '" + step.name() + "': 'threads: virtual' needs Java 21 or later; this is Java "
              + Runtime.version().feature() + ". Use 'threads: platform'");
    }
    return sound;
  }

  private boolean beansOf(ChunkStepPlan step) {
    ChunkStepDefinition definition = step.definition();
    boolean found = true;
    if (definition.read() instanceof ReadDefinition.Bean read) {
      found &= bean(step, read.bean(), Role.READER);
    }
    if (definition.partition() instanceof PartitionDefinition.Bean partition) {
      found &= bean(step, partition.bean(), Role.PARTITIONER);
    }
    for (ProcessDefinition process : definition.process()) {
      if (process instanceof ProcessDefinition.Bean processor) {
        found &= bean(step, processor.bean(), Role.PROCESSOR);
      }
    }
    if (definition.write() instanceof WriteDefinition.Bean write) {
      found &= bean(step, write.bean(), Role.WRITER);
    }
    return found;
  }

  private boolean bean(StepPlan step, String name, Role role) {
    if (beans.has(name, role)) {
      return true;
    }
    List<String> known = beans.names(role);
    problems.add(
        "step '" + step.name() + "': there is no bean '" + name + "' that is "
            + beans.type(role) + ". "
            + (known.isEmpty()
                ? "The application has none"
                : Nearest.hint(name, "beans", known)));
    return false;
  }

  private void checkPools(StepPlan step) {
    step.connections()
        .forEach(
            (name, needed) -> {
              Database database = databases.find(name);
              int size = database == null ? 0 : database.pool();
              if (size > 0 && size < needed) {
                problems.add(tooSmall(step, name, needed, size));
              }
            });
  }

  private String tooSmall(StepPlan step, String database, int needed, int size) {
    String setting =
        database.equals(databases.repository().name())
            ? "spring.datasource.hikari.maximum-pool-size"
            : "tranche.connections." + database + ".pool";
    return "step '" + step.name() + "' needs " + needed + " connections of '" + database
        + "' at the same time, and its pool has " + size + ". Set " + setting + " to " + needed
        + ", or lower 'partition.concurrency'";
  }
}

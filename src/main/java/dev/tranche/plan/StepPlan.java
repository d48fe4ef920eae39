package dev.tranche.plan;

import dev.tranche.store.Database;
import java.util.Map;

/** A step as it will be done. Immutable; safe for all threads. */
public sealed interface StepPlan permits ChunkStepPlan, SqlStepPlan, TaskletStepPlan {

  String name();

  /** The database that its checkpoints are in. */
  Database target();

  /** How many connections of each named database it holds at the same time, at most. */
  Map<String, Integer> connections();
}

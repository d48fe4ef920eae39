package dev.tranche.batch;

import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.reader.InputCheck;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.StepState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets a step that was begun go on after its input files were edited, if all that is loaded is still
 * there; says so to the target first, then to the repository. One execution, one thread.
 */
final class EditedInput {

  private final Engine engine;
  private final LocalRun run;
  private final ChunkStepPlan plan;

  EditedInput(Engine engine, LocalRun run, ChunkStepPlan plan) {
    this.engine = engine;
    this.run = run;
    this.plan = plan;
  }

  /**
   * The facts about the files that the step goes on with.
   *
   * @throws dev.tranche.partition.InputException if what is loaded is not there any more
   */
  String settle(StepState state) throws Exception {
    if (plan.isUnchanged(state.files())) {
      return state.files();
    }
    Truth truth = engine.truth(plan.target(), run, plan.name());
    Map<Integer, Claim> claims = truth.find(state.layout(), null);
    InputCheck.Result result = plan.check(state.files(), partitions(engine, state, claims));
    for (Map.Entry<Integer, Checkpoint> moved : result.checkpoints().entrySet()) {
      truth.rewrite(Objects.requireNonNull(claims.get(moved.getKey())), moved.getValue());
    }
    Map<Integer, String> slices = new HashMap<>();
    result.slices().forEach((number, slice) -> slices.put(number, SliceJson.write(slice)));
    String facts = SliceJson.writeFacts(result.facts());
    engine.layouts().moved(state.layout(), facts, slices);
    return facts;
  }

  /** Why the step cannot go on with its files as they are; null if it can. */
  static @Nullable String refusal(Engine engine, ChunkStepPlan plan, StepState state) {
    try {
      if (state.phase() != StepState.Phase.DONE && !plan.isUnchanged(state.files())) {
        plan.check(state.files(), partitions(engine, state, engine.checkpoints(state)));
      }
      return null;
    } catch (InputException edited) {
      return "step '" + plan.name() + "': " + edited.getMessage();
    }
  }

  private static List<InputCheck.Partition> partitions(
      Engine engine, StepState state, Map<Integer, Claim> claims) {
    List<InputCheck.Partition> partitions = new ArrayList<>();
    engine.eachPartition(
        state.layout(),
        partition -> {
          int number = partition.key().number();
          Claim claim = claims.get(number);
          partitions.add(
              new InputCheck.Partition(
                  number,
                  (Slice.Files) SliceJson.read(partition.slice()),
                  claim == null ? Checkpoint.START : claim.checkpoint()));
        });
    return partitions;
  }
}

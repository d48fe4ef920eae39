package dev.tranche.definition;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.ArrayList;
import java.util.List;

/** A step that reads, processes and writes items in chunks, cut into partitions. */
@Variant("read")
public record ChunkStepDefinition(
    @Key(value = "Its name, of its own within the job.", notation = Notation.NAME) @NotBlank String name,

    @Key("Where items come from.") @Valid ReadDefinition read,

    @Key(
        value = "How the input is cut, and how many partitions run at the same time.",
        standard = Defaults.PARTITION)
    @Valid PartitionDefinition partition,

    @Key(value = "What is done with each item, in this order.", standard = Defaults.NONE)
    List<@Valid ProcessDefinition> process,

    @Key(value = "How items are put through.", standard = Defaults.EMPTY) @Valid ChunkDefinition chunk,

    @Key(value = "What is done about faults.", standard = Defaults.EMPTY) @Valid OnError onError,

    @Key("Where items go.") @Valid WriteDefinition write)
    implements StepDefinition {

  /** How items are put through each stage of {@code process}; one if it names none. */
  public List<ChunkDefinition> stages() {
    List<ChunkDefinition> stages = new ArrayList<>();
    for (int i = 0; i < Math.max(1, process.size()); i++) {
      boolean begins = i < process.size() && process.get(i) instanceof ProcessDefinition.Stage;
      if (begins) {
        stages.add(chunk.with(((ProcessDefinition.Stage) process.get(i)).of()));
      } else if (i == 0) {
        stages.add(chunk);
      }
    }
    return stages;
  }
}

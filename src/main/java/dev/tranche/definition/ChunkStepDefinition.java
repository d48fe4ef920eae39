package dev.tranche.definition;

import jakarta.validation.Valid;
import java.util.List;

/** A step that reads, processes and writes items in chunks, cut into partitions. */
public record ChunkStepDefinition(
    String name,
    @Valid ReadDefinition read,
    @Valid PartitionDefinition partition,
    List<@Valid ProcessDefinition> process,
    @Valid ChunkDefinition chunk,
    @Valid OnError onError,
    @Valid WriteDefinition write)
    implements StepDefinition {}

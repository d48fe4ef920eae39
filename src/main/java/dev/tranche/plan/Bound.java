package dev.tranche.plan;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.ItemStep;

/** What one attempt at a partition is made of; nothing in it is used by another attempt. */
public record Bound(
    ChunkSource<Object> source, ItemStep<Object, Object> step, ChunkTarget<Object> target) {}

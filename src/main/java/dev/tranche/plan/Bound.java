package dev.tranche.plan;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ChunkStreams;
import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.ItemStep;
import java.util.List;

/**
 * What one attempt at a partition is made of; nothing in it is used by another attempt.
 *
 * @param stages what each stage of the processing does; at least one
 * @param streams those of its processors
 */
public record Bound(
    ChunkSource<Object> source,
    List<ItemStep<Object, Object>> stages,
    ChunkStreams streams,
    ChunkTarget<Object> target) {}

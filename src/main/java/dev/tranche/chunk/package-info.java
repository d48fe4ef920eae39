/**
 * The loop that runs one partition a chunk at a time, its executor, and what it does about faults.
 *
 * <p>{@link dev.tranche.chunk.ChunkExecutor} and what it gives are a library of their own.
 *
 * <p>Start reading at {@link dev.tranche.chunk.ChunkSource}.
 */
@NullMarked
package dev.tranche.chunk;

import org.jspecify.annotations.NullMarked;

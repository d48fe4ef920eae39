/**
 * The loop that runs one partition a chunk at a time, its two executors, and what it does about faults.
 *
 * <p>Start reading at {@link dev.tranche.chunk.ChunkSource}.
 */
@NullMarked
package dev.tranche.chunk;

import org.jspecify.annotations.NullMarked;

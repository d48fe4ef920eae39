/**
 * Slices and the rules that cut an input into them: identity that survives restarts.
 *
 * <p>Start reading at {@link dev.tranche.partition.Slice}.
 */
@NullMarked
package dev.tranche.partition;

import org.jspecify.annotations.NullMarked;

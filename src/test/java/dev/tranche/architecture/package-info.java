/**
 * Rules about the code itself: who may import whom, names, and what no committed line may hold.
 *
 * <p>Start reading at {@link dev.tranche.architecture.LayeringTest}.
 */
@NullMarked
package dev.tranche.architecture;

import org.jspecify.annotations.NullMarked;

/**
 * Promises 1 and 2 as a property: whatever strikes whenever, the target equals the input.
 *
 * <p>Start reading at {@link dev.tranche.exactlyonce.ExactlyOnceTest}.
 */
@NullMarked
package dev.tranche.exactlyonce;

import org.jspecify.annotations.NullMarked;

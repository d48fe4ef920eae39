/**
 * All of Tranche's own tables
 *
 * <p>Start reading at {@link dev.tranche.store. checkpoints and the fence, layouts, leases, rejects. All our SQL is here.:Checkpoint}.
 */
@NullMarked
package dev.tranche.store;

import org.jspecify.annotations.NullMarked;

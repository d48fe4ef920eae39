/**
 * All of Tranche's own tables: checkpoints and the fence, layouts, leases, rejects. All our SQL.
 *
 * <p>Start reading at {@link dev.tranche.store.Checkpoints}.
 */
@NullMarked
package dev.tranche.store;

import org.jspecify.annotations.NullMarked;

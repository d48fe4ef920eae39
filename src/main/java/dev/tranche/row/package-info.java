/**
 * A typed row and its columns: what readers make, process steps change and writers write.
 *
 * <p>Start reading at {@link dev.tranche.row.Row}.
 */
@NullMarked
package dev.tranche.row;

import org.jspecify.annotations.NullMarked;

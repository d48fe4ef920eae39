/**
 * A typed row and its columns
 *
 * <p>Start reading at {@link dev.tranche.row. what readers make, process steps change and writers write.:Row}.
 */
@NullMarked
package dev.tranche.row;

import org.jspecify.annotations.NullMarked;

/**
 * What happens to an item between reader and writer: checks, expressions, projections and beans.
 *
 * <p>Start reading at {@link dev.tranche.process.Processing}.
 */
@NullMarked
package dev.tranche.process;

import org.jspecify.annotations.NullMarked;

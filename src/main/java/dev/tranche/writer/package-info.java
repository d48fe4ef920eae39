/**
 * Where items go: rows into a table, or items to a bean, in one transaction with the checkpoint.
 *
 * <p>Start reading at {@link dev.tranche.writer.TransactionalTarget}.
 */
@NullMarked
package dev.tranche.writer;

import org.jspecify.annotations.NullMarked;

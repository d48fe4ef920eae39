/**
 * Wires Tranche into a Boot application; nobody imports it.
 *
 * <p>Start reading at {@link dev.tranche.autoconfigure.TrancheAutoConfiguration}.
 */
@NullMarked
package dev.tranche.autoconfigure;

import org.jspecify.annotations.NullMarked;

/**
 * The crash laboratory: child processes run the shipped jar as a user would, and are killed.
 *
 * <p>Start reading at {@link dev.tranche.crash.Installation}.
 */
@NullMarked
package dev.tranche.crash;

import org.jspecify.annotations.NullMarked;

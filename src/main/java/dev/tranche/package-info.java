/**
 * The one door for every front end: interfaces and views only.
 *
 * <p>Start reading at {@link dev.tranche.Tranche}.
 */
@NullMarked
package dev.tranche;

import org.jspecify.annotations.NullMarked;

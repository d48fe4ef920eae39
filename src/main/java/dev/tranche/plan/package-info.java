/**
 * What will be done: definitions with names resolved and inputs examined; reads, never writes.
 *
 * <p>Start reading at {@link dev.tranche.plan.Planner}.
 */
@NullMarked
package dev.tranche.plan;

import org.jspecify.annotations.NullMarked;

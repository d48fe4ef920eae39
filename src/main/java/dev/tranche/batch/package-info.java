/**
 * The door, on Spring Batch: jobs from definitions, partitioned steps, lanes, recovery.
 *
 * <p>Start reading at {@link dev.tranche.batch.BatchTranche}; the way of a run is {@link
 * dev.tranche.batch.TrancheJob}, {@link dev.tranche.batch.PartitionedStep}, {@link
 * dev.tranche.batch.Lane}.
 */
@NullMarked
package dev.tranche.batch;

import org.jspecify.annotations.NullMarked;

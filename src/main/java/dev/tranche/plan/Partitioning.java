package dev.tranche.plan;

import dev.tranche.partition.Slice;
import java.util.List;

/** How a Spring Batch {@code Partitioner}, which this package does not know, is asked. */
@FunctionalInterface
public interface Partitioning {

  /** The partitions that the bean gives, in the order of their names. */
  List<Slice.Context> partition(String bean, int gridSize);
}

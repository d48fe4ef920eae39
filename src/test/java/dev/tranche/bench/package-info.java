/**
 * Benchmarks beside the alternative, in one run: {@code ./mvnw -Pbench test}.
 *
 * <p>Start reading at {@link dev.tranche.bench.LineitemBenchmark}.
 */
@NullMarked
package dev.tranche.bench;

import org.jspecify.annotations.NullMarked;

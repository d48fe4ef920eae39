/**
 * What tests of all packages share: real databases, and counters around them.
 *
 * <p>Start reading at {@link dev.tranche.testing.TestDatabase}.
 */
@NullMarked
package dev.tranche.testing;

import org.jspecify.annotations.NullMarked;

/**
 * The examples of the documents on Java configuration and on the executor, as a user would write
 * them.
 *
 * <p>Start reading at {@link dev.tranche.example.LoadEarthquakes}.
 */
@NullMarked
package dev.tranche.example;

import org.jspecify.annotations.NullMarked;

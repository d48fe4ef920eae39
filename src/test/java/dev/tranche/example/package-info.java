/**
 * The examples of the documents on Java configuration, on the executor and on pipelines, as a user
 * would write them.
 *
 * <p>Start reading at {@link dev.tranche.example.LoadEarthquakes}.
 */
@NullMarked
package dev.tranche.example;

import org.jspecify.annotations.NullMarked;

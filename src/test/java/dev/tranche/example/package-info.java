/**
 * The examples of the document on Java configuration, as a user would write them.
 *
 * <p>Start reading at {@link dev.tranche.example.LoadEarthquakes}.
 */
@NullMarked
package dev.tranche.example;

import org.jspecify.annotations.NullMarked;

/**
 * Where the items of a partition come from: CSV files and Spring's own readers.
 *
 * <p>Start reading at {@link dev.tranche.reader.FileInput}.
 */
@NullMarked
package dev.tranche.reader;

import org.jspecify.annotations.NullMarked;

/**
 * The JSON of the command line and of the service: how the door's views are written, and read back.
 *
 * <p>Start reading at {@link dev.tranche.json.Json}.
 */
@NullMarked
package dev.tranche.json;

import org.jspecify.annotations.NullMarked;

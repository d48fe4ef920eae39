/**
 * The service's web side: REST, live progress, who may do what, and logs of runs.
 *
 * <p>Start reading at {@link dev.tranche.console.ConsoleConfiguration}.
 */
@NullMarked
package dev.tranche.console;

import org.jspecify.annotations.NullMarked;

/**
 * The command line: verbs that knock on the door and print what comes back.
 *
 * <p>Start reading at {@link dev.tranche.cli.TrancheCommand}.
 */
@NullMarked
package dev.tranche.cli;

import org.jspecify.annotations.NullMarked;

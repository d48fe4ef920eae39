/**
 * What the user wrote: one YAML file becomes an immutable job definition, or a list of problems.
 *
 * <p>Start reading at {@link dev.tranche.definition.JobDefinition}.
 */
@NullMarked
package dev.tranche.definition;

import org.jspecify.annotations.NullMarked;

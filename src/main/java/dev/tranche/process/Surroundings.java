package dev.tranche.process;

import dev.tranche.chunk.LookupTable;
import dev.tranche.definition.ProcessDefinition.LookedUp;
import java.util.function.Function;

/**
 * What entries of {@code process:} have besides a row. Safe for all threads.
 *
 * @param parser knows the job's parameters
 * @param tables finds a table to look up in, the same each time
 */
record Surroundings(ExpressionParser parser, Function<LookedUp, LookupTable> tables) {}

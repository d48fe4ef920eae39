package dev.tranche.plan;

import java.util.List;

/**
 * A chunk step in words, before it is started.
 *
 * @param reads what it reads
 * @param slices its partitions, in order
 * @param guarantee what it promises, and why
 * @param sql the statements that would be run for rows
 * @param notes anything else worth knowing
 */
public record StepSketch(
    String reads, List<String> slices, String guarantee, List<String> sql, List<String> notes) {}

package dev.tranche;

import java.util.List;

/**
 * Rejects of a step with errors of one kind: class, place, and message without its values.
 *
 * @param taken how many of them were run again
 * @param samples the first of them, at least one
 */
public record RejectGroupView(
    String step, String fingerprint, long count, long taken, List<RejectView> samples) {}

package dev.tranche;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the {@link AuditTrail}.
 *
 * @param outcome in words; null: it is not known whether it was done
 */
public record AuditView(
    long entry,
    Instant at,
    String who,
    String from,
    String action,
    String subject,
    @Nullable String comment,
    @Nullable String outcome) {}

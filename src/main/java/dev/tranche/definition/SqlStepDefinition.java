package dev.tranche.definition;

import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of SQL statements in one transaction.
 *
 * @param connection the named connection; null for the job repository's database
 */
public record SqlStepDefinition(
    String name, @NotEmpty List<String> sql, @Nullable String connection)
    implements StepDefinition {}

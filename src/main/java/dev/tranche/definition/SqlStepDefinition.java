package dev.tranche.definition;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of SQL statements in one transaction.
 *
 * @param connection the named connection; null for the job repository's database
 */
@Variant("sql")
public record SqlStepDefinition(
    @Key(value = "Its name, of its own within the job.", notation = Notation.NAME) @NotBlank String name,

    @Key(value = "The statements, run in one transaction.", notation = Notation.SQL) @NotEmpty List<@NotBlank String> sql,

    @Key("The named connection; without it, the job repository's database.") @Nullable String connection)
    implements StepDefinition {}

package dev.tranche.definition;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One job as its user wrote it, with all placeholders resolved and all defaults filled in.
 *
 * <p>Immutable; safe for all threads.
 */
public record JobDefinition(
    @NotBlank String name,
    @Nullable String description,
    Map<String, @Valid ParameterDefinition> parameters,
    @Nullable @Valid ScheduleDefinition schedule,
    @Valid OnCrash onCrash,
    @NotEmpty List<@Valid StepDefinition> steps) {}

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
    @Key(value = "The name it is run by.", notation = Notation.NAME) @NotBlank String name,

    @Key("What it is for, for people.") @Nullable String description,

    @Key(value = "What a run may be given, by name.", standard = Defaults.EMPTY)
    Map<String, @Valid ParameterDefinition> parameters,

    @Key("When it runs by itself.") @Nullable @Valid ScheduleDefinition schedule,

    @Key(value = "What becomes of a run whose process died.", standard = Defaults.EMPTY) @Valid OnCrash onCrash,

    @Key("What it does, one step after another.") @NotEmpty List<@Valid StepDefinition> steps) {}

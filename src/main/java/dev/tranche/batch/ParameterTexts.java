package dev.tranche.batch;

import dev.tranche.definition.ParameterDefinition;
import dev.tranche.definition.Parameters;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.batch.core.job.parameters.JobParameter;
import org.springframework.batch.core.job.parameters.JobParameters;

/** Parameters as users type them, and as Spring Batch stores them. */
final class ParameterTexts {

  /** Tells instances apart whose other parameters are equal. */
  static final String RUN_ID = "run.id";

  /** An execution of the instance whose rejects are run again. */
  static final String REDRIVE_OF = "redrive.of";

  private ParameterTexts() {}

  /** Whether Tranche gave it, and no user. */
  static boolean isOurs(String name) {
    return name.equals(RUN_ID) || name.equals(REDRIVE_OF);
  }

  static Map<String, String> of(JobParameters parameters) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (JobParameter<?> parameter : parameters) {
      texts.put(parameter.name(), String.valueOf(parameter.value()));
    }
    return texts;
  }

  /** Those that the job declares: others, such as {@code run.id}, only tell instances apart. */
  static Map<String, String> declared(
      Map<String, String> texts, Map<String, ParameterDefinition> declared) {
    Map<String, String> known = new LinkedHashMap<>(texts);
    known.keySet().retainAll(declared.keySet());
    return known;
  }

  /** Typed as declared; a timestamp as text, since Spring Batch cannot read its type back. */
  static Set<JobParameter<?>> typed(
      Parameters parameters, Map<String, ParameterDefinition> declared) {
    Set<JobParameter<?>> typed = new HashSet<>();
    parameters
        .values()
        .forEach(
            (name, value) -> {
              ParameterDefinition definition = declared.get(name);
              boolean identifying = definition == null || definition.identifying();
              Object stored = value instanceof OffsetDateTime ? value.toString() : value;
              typed.add(typed(name, stored, identifying));
            });
    return typed;
  }

  @SuppressWarnings("unchecked")
  private static <T> JobParameter<T> typed(String name, T value, boolean identifying) {
    return new JobParameter<>(name, value, (Class<T>) value.getClass(), identifying);
  }
}

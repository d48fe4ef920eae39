package dev.tranche.definition;

import java.util.Map;

/**
 * A definition and what its placeholders stood for.
 *
 * @param placeholders name to value, of those that were used; handed back as {@link
 *     Placeholders#of}, they give the same definition of the same file again
 */
public record ResolvedJob(JobDefinition definition, Map<String, String> placeholders) {

  public ResolvedJob {
    placeholders = Map.copyOf(placeholders);
  }
}

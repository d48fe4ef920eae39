package dev.tranche.definition;

import java.util.Map;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON Schema of job files, for editors.
 *
 * <p>It knows names, types and ranges, but not what {@link JobFile#problems()} knows of how things
 * fit together. Safe for all threads.
 */
public final class JobSchema {

  private JobSchema() {}

  /** The schema as JSON text, always the same. */
  public static String text() {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    ObjectWriter writer = JsonMapper.shared()
        .writer()
        .with(new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
    Map<String, Object> schema = new SchemaWriter().document(Language.JOB);
    return writer.writeValueAsString(schema) + "\n";
  }
}

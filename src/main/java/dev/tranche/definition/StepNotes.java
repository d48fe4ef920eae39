package dev.tranche.definition;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is right in a step, and yet worth knowing before it runs: where it promises less. */
final class StepNotes {

  private static final List<String> COMPRESSED = List.of(".gz", ".zst");

  private final Part part;

  StepNotes(Part part) {
    this.part = part;
  }

  void take(StepDefinition step) {
    if (step instanceof ChunkStepDefinition chunks) {
      if (chunks.read() instanceof ReadDefinition.InFiles files && files.files() != null) {
        compressed(part.key("read").key("files"), files.files());
      }
      if (chunks.write() instanceof WriteDefinition.Bean bean && bean.connection() == null) {
        part.key("write")
            .key("bean")
            .note(
                "at least once: after a failure the bean may be given the items of one chunk again."
                    + " To write in the checkpoint's transaction, name its 'connection'.");
      }
    } else if (step instanceof SqlStepDefinition statements && statements.sql() != null) {
      ddl(part.key("sql"), statements.sql());
    }
  }

  private static void compressed(Part files, List<@Nullable String> patterns) {
    for (int i = 0; i < patterns.size(); i++) {
      String pattern = patterns.get(i);
      if (pattern != null
          && COMPRESSED.stream().anyMatch(pattern.toLowerCase(Locale.ROOT)::endsWith)) {
        files
            .item(i)
            .note(
                "'%s' is compressed: each such file is one partition, and a restart decompresses"
                    + " again what is done of it.",
                pattern);
      }
    }
  }

  private static void ddl(Part sql, List<@Nullable String> statements) {
    for (int i = 0; i < statements.size(); i++) {
      String statement = statements.get(i);
      if (statement != null && SqlStepDefinition.isDdl(statement)) {
        sql.item(i)
            .note(
                "DDL commits by itself on H2 and MariaDB: there, the step is at least once, since a"
                    + " crash in between repeats its statements.");
        return;
      }
    }
  }
}

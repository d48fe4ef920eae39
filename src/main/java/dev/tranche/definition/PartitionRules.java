package dev.tranche.definition;

import java.util.List;

/** What the keys of {@code partition:} must have to do with each other and with what is read. */
final class PartitionRules {

  private static final List<String> FILES = List.of("file", "bytes");
  private static final List<String> TABLES = List.of("range", "balanced", "values", "hash", "time");

  private final Part part;
  private final ReadDefinition read;
  private final PartitionDefinition partition;

  PartitionRules(Part part, ReadDefinition read, PartitionDefinition partition) {
    this.part = part;
    this.read = read;
    this.partition = partition;
  }

  void check() {
    String by = Language.kebab(partition.getClass().getSimpleName());
    if (!(partition instanceof PartitionDefinition.Single)) {
      fitting(by);
    }
    if (part.key("size").given() && part.key("count").given()) {
      part.key("count")
          .unwanted("'partition' has both 'size' and 'count'. Remove one of the two.");
    }
    if (part.key("rows").given() && part.key("count").given()) {
      part.key("count")
          .unwanted("'partition' has both 'rows' and 'count'. Remove one of the two.");
    }
  }

  private void fitting(String by) {
    if (read instanceof ReadDefinition.Bean) {
      if (!by.equals("bean")) {
        part.key("by")
            .wrong("'partition.by' must be 'bean' where a bean is read. Write 'by: bean', or remove"
                + " 'partition' to read it in one.");
      }
      return;
    }
    if (read instanceof ReadDefinition.Jdbc) {
      valid(by, "a table is", TABLES);
    } else if (read instanceof ReadDefinition.Json) {
      valid(by, "JSON arrays, which cannot be cut, are", List.of("file"));
    } else {
      valid(by, "files are", FILES);
    }
  }

  private void valid(String by, String what, List<String> valid) {
    if (!valid.contains(by)) {
      part.key("by")
          .wrong("'partition.by' cannot be '%s' where %s read. Valid: %s.",
              by, what, String.join(", ", valid));
    }
  }
}

package dev.tranche.writer;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a table as a user wrote it: {@code name} or {@code schema.name}. A part with a dot
 * in it stands in double quotes.
 */
record TableName(@Nullable String schema, String name) {

  private static final String PART = "\"((?:[^\"]|\"\")+)\"|([^.]+)";
  private static final Pattern NAME = Pattern.compile("(?:(?:" + PART + ")\\.)?(?:" + PART + ")");

  static TableName of(String text) {
    Matcher parts = NAME.matcher(text);
    if (!parts.matches()) {
      return new TableName(null, text);
    }
    String name = part(parts, 3);
    return new TableName(part(parts, 1), name == null ? text : name);
  }

  private static @Nullable String part(Matcher parts, int group) {
    String quoted = parts.group(group);
    return quoted == null ? parts.group(group + 1) : quoted.replace("\"\"", "\"");
  }

  @Override
  public String toString() {
    return schema == null ? name : Objects.requireNonNull(schema) + "." + name;
  }
}

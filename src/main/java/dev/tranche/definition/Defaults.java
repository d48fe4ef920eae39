package dev.tranche.definition;

import dev.tranche.definition.ChunkDefinition.Mode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds where a user wrote nothing, as YAML; a few depend on what else was written.
 *
 * <p>The only place of defaults: the binder fills them in, the schema and the reference show them.
 */
final class Defaults {

  /** No entries; where the keys have defaults of their own, those. */
  static final String EMPTY = "{}";

  static final String NONE = "[]";
  static final String FALSE = "false";
  static final String TRUE = "true";

  static final String PARAMETER_TYPE = "string";

  static final String SCHEDULE_ZONE = "UTC";
  static final String SCHEDULE_MISSED = "run-last";
  static final String SCHEDULE_OVERLAP = "skip";

  static final String CRASH_THEN = "restart";
  static final String CRASH_LIMIT = "3";

  static final String CSV_DELIMITER = "','";
  static final String CSV_QUOTE = "'\"'";
  static final String CSV_CHARSET = "UTF-8";
  static final String CSV_NULL_VALUES = "[\"\"]";
  static final String CSV_MAX_RECORD = "1MB";

  /** Depends on what is read. */
  static final String PARTITION = "{ by: bytes, size: 64MB } for csv, one partition for a bean";

  /** How many processors this machine has. */
  static final String PROCESSORS = "available processors";

  static final String CHUNK_SIZE = "1000";
  static final String CHUNK_MODE = "map";
  static final String CHUNK_THREADS = "platform";
  static final String CHUNK_ORDER = "input";

  /** Depends on the mode. */
  static final String IN_FLIGHT = "8 with mode: futures, 1 with mode: map";

  /** Depends on in-flight. */
  static final String MAX_LEAD = "64 x in-flight";

  static final String RETRY_ATTEMPTS = "1";
  static final String RETRY_BACKOFF = "200ms";
  static final String RETRY_ON = "[transient]";
  static final String SKIP_RATE_AFTER = "1000";

  static final String WRITE_MODE = "insert";

  private static final String PARTITION_SIZE = "64MB";

  private Defaults() {}

  /** A record with nothing but defaults. */
  static <R extends Record> R of(Class<R> type) {
    Findings findings = new Findings("defaults");
    Tree nothing = new Tree.Entries(Place.NOWHERE, Map.of());
    Object record =
        new Binder(findings, Substitution.none()).bind(Language.shape(type), nothing, Path.ROOT);
    if (record == null || !findings.problems().isEmpty()) {
      throw new IllegalStateException("no defaults for " + type + ": " + findings.problems());
    }
    return type.cast(record);
  }

  /**
   * The value of a default that is no YAML; null if {@code standard} is YAML.
   *
   * @param siblings the components of the same record that come before it
   */
  static @Nullable Object computed(String standard, Map<String, @Nullable Object> siblings) {
    return switch (standard) {
      case PROCESSORS -> Runtime.getRuntime().availableProcessors();
      case IN_FLIGHT -> siblings.get("mode") == Mode.MAP ? 1 : 8;
      case MAX_LEAD -> (int) Math.min(64L * (int) orOne(siblings.get("in-flight")), 1 << 30);
      case PARTITION -> partition(siblings.get("read"));
      default -> null;
    };
  }

  private static Object orOne(@Nullable Object number) {
    return number == null ? 1 : number;
  }

  private static PartitionDefinition partition(@Nullable Object read) {
    if (read instanceof ReadDefinition.Csv) {
      Long size = (Long) Notation.BYTES.parse(PARTITION_SIZE);
      return new PartitionDefinition.Bytes(
          size, null, Runtime.getRuntime().availableProcessors());
    }
    return new PartitionDefinition.Single();
  }
}

package dev.tranche.definition;

import dev.tranche.definition.ChunkDefinition.Mode;
import dev.tranche.definition.ChunkDefinition.Threads;
import java.util.ArrayList;
import java.util.List;
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
  static final String CSV_LINE_END = "lf";
  static final String CSV_QUOTING = "needed";
  static final String PARTS = "join";
  static final String NO_TEXT = "''";

  /** Depends on whether there is a count. */
  static final String PARTITION_SIZE = "64MB without count";

  /** Depends on whether there are rows. */
  static final String PARTITION_COUNT = "32 without rows";

  /** Depends on what is read. */
  static final String PARTITION = 
      "{ by: bytes, size: 64MB } for files, { by: file } for json, else one partition";

  /** How many processors this machine has. */
  static final String PROCESSORS = "available processors";

  /** Depends on the kind of threads: virtual ones are for work that waits. */
  static final String WORKERS = "available processors, 64 with threads: virtual";

  private static final int VIRTUAL_WORKERS = 64;

  private static final Integer MOST = 4000;

  private static final Long SIZE = 64L << 20;

  /** The same on each machine: it is part of the layout that a definition is compared by. */
  private static final Integer COUNT = 32;

  static final String CHUNK_SIZE = "1000";
  static final String CHUNK_MODE = "map";
  static final String CHUNK_THREADS = "platform";
  static final String CHUNK_ORDER = "input";

  /** Who names a size gets chunks of that size. */
  static final String MAX_SIZE = "4000 if no size is given";

  /** Depends on the mode. */
  static final String IN_FLIGHT = "8 with mode: futures, 1 with mode: map";

  /** Depends on in-flight. */
  static final String MAX_LEAD = "64 x in-flight";

  static final String RETRY_ATTEMPTS = "1";
  static final String RETRY_BACKOFF = "200ms";
  static final String MAX_BACKOFF = "1m";
  static final String RETRY_JITTER = "20%";
  static final String RETRY_ON = "[transient]";
  static final String SKIP_RATE_AFTER = "1000";

  static final String WRITE_MODE = "insert";

  static final String LOOKUP_MISSING = "reject";
  static final String LOOKUP_CACHE = "all";
  static final String LOOKUP_LIMIT = "100000";

  private Defaults() {}

  /** A record with nothing but defaults. */
  static <R extends Record> R of(Class<R> type) {
    return of(type, new Tree.Entries(Place.NOWHERE, Map.of()));
  }

  /** CSV files with nothing but defaults. */
  static ReadDefinition.Csv csv(List<String> files) {
    List<Tree> texts = new ArrayList<>();
    files.forEach(file -> texts.add(new Tree.Text(Place.NOWHERE, file, false, false)));
    Tree.Entry entry =
        new Tree.Entry(Place.NOWHERE, new Tree.Items(Place.NOWHERE, texts));
    return of(
        ReadDefinition.Csv.class, new Tree.Entries(Place.NOWHERE, Map.of("files", entry)));
  }

  private static <R extends Record> R of(Class<R> type, Tree written) {
    Findings findings = new Findings("defaults");
    Object record =
        new Binder(findings, Substitution.none()).bind(Language.shape(type), written, KeyPath.ROOT);
    if (record == null || !findings.problems().isEmpty()) {
      throw new IllegalStateException("no defaults for " + type + ": " + findings.problems());
    }
    return type.cast(record);
  }

  /** Whether {@code standard} is no YAML, but depends on something: see {@link #computed}. */
  static boolean isComputed(String standard) {
    return List.of(
            PARTITION,
            PARTITION_SIZE,
            PARTITION_COUNT,
            PROCESSORS,
            WORKERS,
            MAX_SIZE,
            IN_FLIGHT,
            MAX_LEAD)
        .contains(standard);
  }

  /**
   * The value of a default that depends on something.
   *
   * @param siblings the components of the same record that were written or have plain defaults, and
   *     those that come before it
   * @param written the keys around it
   */
  static @Nullable Object computed(
      String standard, Map<String, @Nullable Object> siblings, Tree.Entries written) {
    return switch (standard) {
      case PROCESSORS -> processors();
      case WORKERS -> siblings.get("threads") == Threads.VIRTUAL ? VIRTUAL_WORKERS : processors();
      case MAX_SIZE -> written.at("size") == null ? MOST : null;
      case IN_FLIGHT -> siblings.get("mode") == Mode.MAP ? 1 : 8;
      case MAX_LEAD -> maxLead(siblings.get("in-flight"));
      case PARTITION -> partition(siblings.get("read"));
      case PARTITION_SIZE -> written.at("count") == null ? SIZE : null;
      case PARTITION_COUNT -> written.at("rows") == null ? COUNT : null;
      default -> throw new IllegalArgumentException(standard);
    };
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  static int maxLead(@Nullable Object inFlight) {
    return inFlight instanceof Integer chunks ? (int) Math.min(64L * chunks, Integer.MAX_VALUE) : 1;
  }

  private static @Nullable Object partition(@Nullable Object read) {
    if (read instanceof ReadDefinition.Json) {
      return new PartitionDefinition.File(processors());
    }
    if (read instanceof ReadDefinition.InFiles) {
      return new PartitionDefinition.Bytes(SIZE, null, processors());
    }
    return read == null ? null : new PartitionDefinition.Single();
  }
}

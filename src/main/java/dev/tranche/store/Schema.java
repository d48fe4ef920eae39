package dev.tranche.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.jdbc.datasource.init.ScriptException;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/**
 * Tranche's tables: creates them where they are missing, adds the columns that those of an earlier
 * version lack, and tells whether all is there.
 *
 * <p>Any number of threads and processes may create them at once.
 */
public final class Schema {

  /** As many processes as may plausibly be started at once on one H2 database. */
  private static final int COLLISIONS = 50;

  private static final String BATCH = "BATCH_";

  /** Which tables a database needs. */
  public enum Part {
    /** Where checkpoints and rejects are kept. */
    TARGET(
        "TRANCHE_CHECKPOINT",
        "TRANCHE_CHECKPOINT.ITEMS_WRITE_SKIPS",
        "TRANCHE_REJECT",
        "TRANCHE_REJECT.TAKEN_BY"),
    /** The job repository: all tables, since it is the target of files and beans. */
    REPOSITORY(
        "TRANCHE_CHECKPOINT",
        "TRANCHE_CHECKPOINT.ITEMS_WRITE_SKIPS",
        "TRANCHE_REJECT",
        "TRANCHE_REJECT.TAKEN_BY",
        "TRANCHE_STEP",
        "TRANCHE_PARTITION",
        "TRANCHE_PARTITION.ITEMS_WRITE_SKIPS",
        "TRANCHE_RUN",
        "TRANCHE_PROCESS",
        "TRANCHE_FILE",
        "TRANCHE_DEFINITION"),
    /** What only a service needs, in the job repository's database beside the others. */
    SERVICE(
        "TRANCHE_AUDIT",
        "TRANCHE_ACCOUNT",
        "TRANCHE_SCHEDULE",
        "TRANCHE_FIRE",
        "TRANCHE_TASK");

    /** Tables, and columns that tables of an earlier version do not have. */
    private final List<String> needed;

    Part(String... needed) {
      this.needed = List.of(needed);
    }
  }

  private Schema() {}

  /**
   * Creates what is missing; what is there stays as it is. Where nothing is missing, no right to
   * create tables is needed.
   */
  public static void initialize(Database database, Part part) {
    initialize(database, part, BATCH);
  }

  /** @param prefix of Spring Batch's tables, some of which get an index */
  public static void initialize(Database database, Part part, String prefix) {
    if (!missing(database, part).isEmpty()) {
      create(database, part, prefix);
    }
  }

  /** One thread of a process at a time: H2 does not bear a table that two alter at once. */
  private static synchronized void create(Database database, Part part, String prefix) {
    for (int attempt = 1; !missing(database, part).isEmpty(); attempt++) {
      try {
        database.transact("create Tranche's tables", (connection, platform) -> {
          platform.lockSchema(connection);
          for (String script : scripts(part, platform)) {
            run(connection, script, prefix);
          }
          return part;
        });
        return;
      } catch (StoreException error) {
        if (attempt == COLLISIONS || !isCollision(error)) {
          throw error;
        }
      }
    }
  }

  /**
   * Makes sure that all tables are there.
   *
   * @throws StoreException if one is not; its message says which, and what to do
   */
  public static void check(Database database, Part part) {
    List<String> missing = missing(database, part);
    if (!missing.isEmpty()) {
      throw new StoreException(message(database, part, missing));
    }
  }

  private static List<String> missing(Database database, Part part) {
    List<String> missing = new ArrayList<>();
    for (String each : part.needed) {
      boolean ofMissing = missing.stream().anyMatch(table -> each.startsWith(table + "."));
      if (!ofMissing && !exists(database, each)) {
        missing.add(each);
      }
    }
    return missing;
  }

  private static String message(Database database, Part part, List<String> missing) {
    List<String> scripts =
        database.transact("ask for its product", (connection, found) -> scripts(part, found));
    return database.describe()
        + " lacks "
        + String.join(", ", missing)
        + ". Let Tranche create what is missing (initialize-schema: always), or run "
        + String.join(" and ", scripts)
        + " there, from dev/tranche/store in tranche.jar";
  }

  private static List<String> scripts(Part part, Platform platform) {
    String target = "schema-target-" + platform.id() + ".sql";
    String repository = "schema-repository-" + platform.id() + ".sql";
    return switch (part) {
      case TARGET -> List.of(target);
      case REPOSITORY -> List.of(target, repository);
      case SERVICE -> List.of("schema-service-" + platform.id() + ".sql");
    };
  }

  private static void run(Connection connection, String script, String prefix)
      throws SQLException {
    try {
      String text =
          new ClassPathResource(script, Schema.class).getContentAsString(StandardCharsets.UTF_8);
      byte[] bytes = text.replace(BATCH, prefix).getBytes(StandardCharsets.UTF_8);
      ScriptUtils.executeSqlScript(
          connection, new EncodedResource(new ByteArrayResource(bytes, script), "UTF-8"));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (ScriptException error) {
      if (error.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw error;
    }
  }

  /**
   * Somebody else created or altered the same at the same moment: it is there the next time. H2 has
   * an error for that, but often fails in the middle of its own work, with a general one.
   */
  private static boolean isCollision(StoreException error) {
    if (!(error.getCause() instanceof SQLException cause)) {
      return false;
    }
    String message = String.valueOf(cause.getMessage());
    return SqlErrors.isTransient(cause)
        || "42S01".equals(cause.getSQLState())
        || "42S11".equals(cause.getSQLState())
        || ("HY000".equals(cause.getSQLState())
            && (message.contains("object already exists")
                || message.contains("java.lang.NullPointerException")));
  }

  /** @param name of a table, or of a column behind that of its table */
  private static boolean exists(Database database, String name) {
    String[] parts = name.split("\\.", 2);
    String column = parts.length == 1 ? "1" : parts[1];
    return database.transact("look for " + name, (connection, platform) -> {
      try (Statement statement = connection.createStatement()) {
        statement
            .executeQuery("select " + column + " from " + parts[0] + " where 1 = 0")
            .close();
        return true;
      } catch (SQLException error) {
        if (isNotFound(error.getSQLState())) {
          return false;
        }
        throw error;
      }
    });
  }

  private static boolean isNotFound(String state) {
    return "42P01".equals(state)
        || "42703".equals(state)
        || "42S22".equals(state)
        || "42S02".equals(state)
        || "42S03".equals(state)
        || "42S04".equals(state);
  }
}

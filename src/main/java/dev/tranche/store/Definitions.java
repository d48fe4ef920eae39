package dev.tranche.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The table TRANCHE_DEFINITION: the text of every version of a definition that a run used.
 *
 * <p>Every method is a transaction of its own. Safe for all threads.
 */
public final class Definitions {

  private final Database repository;

  public Definitions(Database repository) {
    this.repository = repository;
  }

  /** Stores a text if it is new; returns its version, a digest of it. */
  public String store(String job, String text) {
    String version = digest(text);
    Sql insert = new Sql(
        "insert into TRANCHE_DEFINITION (VERSION, JOB_NAME, DEFINITION_TEXT) values (?, ?, ?)",
        version,
        job,
        text);
    return repository.transact(
        "store the definition of job '" + job + "'", (connection, platform) -> {
          insert.insert(connection, platform);
          return version;
        });
  }

  public Optional<String> find(String version) {
    Sql find = new Sql("select DEFINITION_TEXT from TRANCHE_DEFINITION where VERSION = ?", version);
    return repository.transact(
        "read version " + version + " of a definition",
        (connection, platform) -> find.first(connection, row -> row.getString(1)));
  }

  private static String digest(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

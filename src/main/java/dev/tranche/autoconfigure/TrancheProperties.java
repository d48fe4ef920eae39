package dev.tranche.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.sql.init.DatabaseInitializationMode;

/**
 * What a user may set of Tranche.
 *
 * @param jobs the folder of the job files, within the base directory
 * @param baseDirectory what paths in job files are resolved against
 * @param mayLeaveBaseDirectory whether inputs outside of the base directory may be read
 * @param patience how long a database that is away is waited for before what needs it fails
 * @param lease how long a process may be silent before others take it for dead
 * @param takeover how long a claim waits for a stopped process that holds locks
 * @param initializeSchema whether Tranche's tables are created where they are missing
 * @param connections databases that steps can name
 */
@ConfigurationProperties("tranche")
record TrancheProperties(
    @DefaultValue("jobs") String jobs,
    @DefaultValue(".") String baseDirectory,
    @DefaultValue("false") boolean mayLeaveBaseDirectory,
    @DefaultValue("2m") Duration patience,
    @DefaultValue("15s") Duration lease,
    @DefaultValue("5s") Duration takeover,
    @DefaultValue("embedded") DatabaseInitializationMode initializeSchema,
    @DefaultValue Map<String, Connection> connections) {

  /** As a path of the file system: Spring would look for a relative one on the class path first. */
  Path basePath() {
    return Path.of(baseDirectory);
  }

  Path jobsPath() {
    return basePath().resolve(jobs);
  }

  /**
   * A database that steps can name.
   *
   * @param pool how many connections there are at most
   * @param initializeSchema null: as for all
   */
  record Connection(
      String url,
      @Nullable String username,
      @Nullable String password,
      @DefaultValue("10") int pool,
      @Nullable DatabaseInitializationMode initializeSchema) {}
}

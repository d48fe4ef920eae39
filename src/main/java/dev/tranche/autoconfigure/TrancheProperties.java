package dev.tranche.autoconfigure;

import dev.tranche.PurgeRule;
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
 * @param service what a service does
 * @param schedules how schedules fire
 * @param retention which job instances are kept
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
    @DefaultValue Map<String, Connection> connections,
    @DefaultValue Service service,
    @DefaultValue Schedules schedules,
    @DefaultValue Retention retention) {

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

  /** @param enabled whether this application is a service: it fires schedules and settles the dead */
  record Service(@DefaultValue("false") boolean enabled) {}

  /**
   * How schedules fire.
   *
   * @param late how long after its time a fire is still in time; later, it was missed
   * @param runs how many fires a node runs at the same time
   */
  record Schedules(@DefaultValue("1m") Duration late, @DefaultValue("8") int runs) {}

  /**
   * Which job instances are kept: both for so many days and so many of each job, for each status.
   *
   * @param nightly when the others are removed, as a cron expression; null: when somebody says so
   * @param openRejects whether instances go that have rejects which nobody has run again
   */
  record Retention(
      @Nullable String nightly,
      @DefaultValue("false") boolean openRejects,
      @DefaultValue Keep completed,
      @DefaultValue KeepFailed failed,
      @DefaultValue KeepFailed stopped,
      @DefaultValue Keep abandoned) {

    PurgeRule rule() {
      return new PurgeRule(
          Map.of(
              "COMPLETED", new PurgeRule.Keep(completed.days(), completed.last()),
              "FAILED", new PurgeRule.Keep(failed.days(), failed.last()),
              "STOPPED", new PurgeRule.Keep(stopped.days(), stopped.last()),
              "ABANDONED", new PurgeRule.Keep(abandoned.days(), abandoned.last())),
          openRejects);
    }
  }

  record Keep(@DefaultValue("90") int days, @DefaultValue("10") int last) {}

  /** Longer, since somebody may still restart them. */
  record KeepFailed(@DefaultValue("365") int days, @DefaultValue("10") int last) {}
}

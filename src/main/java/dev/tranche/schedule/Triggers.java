package dev.tranche.schedule;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.tranche.Duties;
import dev.tranche.PurgeView;
import dev.tranche.definition.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * db-scheduler: when the next time of a job has come, it wakes one node of all.
 *
 * <p>It only wakes. What a time becomes is decided where all nodes see it, so that a wake-up too many
 * decides nothing anew. Safe for all threads.
 */
final class Triggers {

  private static final Log log = LogFactory.getLog(Triggers.class);

  static final String TABLE = "TRANCHE_TASK";

  private static final String NIGHTLY = "nightly";
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration BEAT = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final int MISSED_BEATS = 4;
  private static final int THREADS = 4;

  private final Duties duties;
  private final Runnable woken;
  private final @Nullable Timetable nights;
  private final CustomTask<Void> fire;
  private final CustomTask<Void> purge;
  private final Scheduler scheduler;

  /** @param woken called when fires may have been queued */
  Triggers(DataSource database, Duties duties, Runnable woken) {
    this.duties = duties;
    this.woken = woken;
    String nightly = duties.nightly();
    this.nights = nightly == null ? null : nights(nightly);
    FailureHandler<Void> again =
        (complete, operations) -> operations.reschedule(complete, Instant.now().plus(AGAIN));
    this.fire = Tasks.custom("fire", Void.class)
        .onFailure(again)
        .execute((instance, context) -> decide(instance.getId()));
    this.purge = Tasks.custom("purge", Void.class)
        .onFailure(again)
        .execute((instance, context) -> purge());
    this.scheduler = Scheduler.create(database, List.of(fire, purge))
        .tableName(TABLE)
        .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
        .serializer(new NoData())
        .alwaysPersistTimestampInUTC()
        .commitWhenAutocommitDisabled(true)
        .pollingInterval(LOOK)
        .heartbeatInterval(BEAT)
        .missedHeartbeatsLimit(MISSED_BEATS)
        .shutdownMaxWait(Duration.ofSeconds(10))
        .executorService(Uninterrupted.pool("tranche-fire", THREADS))
        .threads(THREADS)
        .dueExecutor(Uninterrupted.pool("tranche-due", 1))
        .housekeeperExecutor(Uninterrupted.scheduled("tranche-scheduler", 2))
        .build();
  }

  private static Timetable nights(String cron) {
    try {
      return Timetable.cron(cron, ZoneId.systemDefault());
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "tranche.retention.nightly: '" + cron + "' is no cron expression with six fields. "
              + wrong.getMessage(),
          wrong);
    }
  }

  void start() {
    scheduler.start();
    Instant night = nights == null ? null : nights.next(Instant.now());
    if (night != null) {
      wake(purge, NIGHTLY, night);
    } else {
      forget(NIGHTLY);
    }
  }

  void stop() {
    scheduler.stop();
  }

  /** Sees to it that all {@code jobs} are looked at soon, and from then on in time. */
  void follow(Collection<String> jobs) {
    jobs.forEach(job -> wake(fire, job, Instant.now()));
  }

  private void wake(CustomTask<Void> task, String instance, Instant when) {
    try {
      scheduler.schedule(
          task.schedulableInstance(instance).getTaskInstance(),
          when,
          ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
    } catch (TaskInstanceCurrentlyExecutingException busy) {
      log.debug(instance + " is looked at now", busy);
    }
  }

  private void forget(String instance) {
    scheduler.getScheduledExecution(purge.instanceId(instance))
        .ifPresent(known -> scheduler.cancel(known.getTaskInstance()));
  }

  private CompletionHandler<Void> decide(String job) {
    Instant next = duties.decide(job);
    woken.run();
    return (complete, operations) -> next(next, complete, operations);
  }

  private CompletionHandler<Void> purge() {
    PurgeView purged = duties.purge();
    purged.jobs().forEach(it -> log.info("Removed " + it.instances() + " instances of "
        + it.job() + " that were " + it.status()));
    purged.kept().forEach(it -> log.warn("Kept " + it.instances() + " instances of " + it.job()
        + " that were " + it.status() + ", for " + it.rejects() + " rejects that nobody has run"
        + " again"));
    Instant next = nights == null ? null : nights.next(Instant.now());
    return (complete, operations) -> next(next, complete, operations);
  }

  private static void next(
      @Nullable Instant next,
      ExecutionComplete complete,
      ExecutionOperations<Void> operations) {
    if (next == null) {
      operations.stop();
    } else {
      operations.reschedule(complete, next);
    }
  }

  /** Tasks have no data: all that matters is in tables of our own. */
  private static final class NoData implements Serializer {

    @Override
    public byte @Nullable [] serialize(@Nullable Object data) {
      return null;
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] data) {
      return null;
    }
  }
}

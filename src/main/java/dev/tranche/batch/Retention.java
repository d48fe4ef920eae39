package dev.tranche.batch;

import dev.tranche.PurgeRule;
import dev.tranche.PurgeView;
import dev.tranche.RefusedException;
import dev.tranche.store.Database;
import dev.tranche.store.Histories;
import dev.tranche.store.StoreException;
import dev.tranche.writer.JdbcWriting;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Cuts histories back, of all jobs of the job repository, also of those that are not from job files.
 *
 * <p>Each transaction is small, so that nobody waits for it, and a purge may die anywhere: the next one
 * finds what is left. Safe for all threads and processes.
 */
final class Retention {

  private static final Log log = LogFactory.getLog(Retention.class);

  /** Instances, and layouts, in one transaction. */
  private static final int AT_ONCE = 100;

  private final Engine engine;
  private final Histories histories;
  private final Runnable ready;
  private final InstantSource clock;
  private final PurgeRule standard;
  private final @Nullable String nightly;

  /**
   * @param standard what holds where nobody says otherwise
   * @param nightly a cron expression; null: never by itself
   */
  Retention(
      Engine engine,
      Histories histories,
      Runnable ready,
      InstantSource clock,
      PurgeRule standard,
      @Nullable String nightly) {
    this.engine = engine;
    this.histories = histories;
    this.ready = ready;
    this.clock = clock;
    this.standard = standard;
    this.nightly = nightly;
  }

  @Nullable String nightly() {
    return nightly;
  }

  /**
   * @param job of that job only, if it is not null
   * @param given null: as the settings say
   */
  PurgeView purge(@Nullable String job, @Nullable PurgeRule given, boolean dryRun) {
    engine.requireRepository();
    ready.run();
    PurgeRule rule = given == null ? standard : given;
    List<PurgeView.Purged> purged = new ArrayList<>();
    List<PurgeView.Kept> kept = new ArrayList<>();
    new TreeMap<>(rule.byStatus()).forEach((status, keep) -> {
      Map<String, Sum> gone = new LinkedHashMap<>();
      Map<String, Sum> stay = new LinkedHashMap<>();
      purge(older(job, status, keep), rule, dryRun, gone, stay);
      gone.forEach((name, sum) ->
          purged.add(new PurgeView.Purged(name, status, sum.instances(), sum.of())));
      stay.forEach((name, sum) ->
          kept.add(new PurgeView.Kept(name, status, sum.instances(), sum.of())));
    });
    if (!dryRun) {
      cleanUp(rule);
    }
    purged.sort(
        Comparator.comparing(PurgeView.Purged::job).thenComparing(PurgeView.Purged::status));
    kept.sort(Comparator.comparing(PurgeView.Kept::job).thenComparing(PurgeView.Kept::status));
    return new PurgeView(dryRun, List.copyOf(purged), List.copyOf(kept));
  }

  /** So many instances of a job with so many executions, or rejects, in all. */
  private record Sum(long instances, long of) {

    Sum plus(Sum other) {
      return new Sum(instances + other.instances, of + other.of);
    }
  }

  private List<Histories.Old> older(@Nullable String job, String status, PurgeRule.Keep keep) {
    LocalDateTime before =
        LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault()).minusDays(keep.days());
    int last = status.equals("COMPLETED") ? Math.max(1, keep.last()) : keep.last();
    return histories.older(status, before, last, job);
  }

  private void purge(
      List<Histories.Old> olds,
      PurgeRule rule,
      boolean dryRun,
      Map<String, Sum> gone,
      Map<String, Sum> stay) {
    for (int from = 0; from < olds.size(); from += AT_ONCE) {
      List<Histories.Old> some = olds.subList(from, Math.min(olds.size(), from + AT_ONCE));
      Map<Long, Long> open = rule.openRejects() ? Map.of() : openRejects(some);
      List<Histories.Old> free = new ArrayList<>();
      for (Histories.Old old : some) {
        Long rejects = open.get(old.instance());
        if (rejects == null) {
          free.add(old);
        } else {
          stay.merge(old.job(), new Sum(1, rejects), Sum::plus);
        }
      }
      for (Histories.Old old : dryRun || free.isEmpty() ? free : histories.remove(free)) {
        gone.merge(old.job(), new Sum(1, old.executions()), Sum::plus);
      }
    }
  }

  /** How many rejects of each instance nobody has run again; instances without any are left out. */
  private Map<Long, Long> openRejects(List<Histories.Old> olds) {
    Map<Long, Long> open = new HashMap<>();
    histories.layoutsOf(olds).stream()
        .collect(Collectors.groupingBy(Histories.Layout::target))
        .forEach((name, layouts) ->
            Histories.openRejects(rejectsIn(name), layouts)
                .forEach((instance, count) -> open.merge(instance, count, Long::sum)));
    return open;
  }

  private Database rejectsIn(String name) {
    Database target = engine.databases().find(name);
    if (target == null) {
      throw new RefusedException(
          "connection '" + name + "', which holds the rejects of what is to be removed, is not"
              + " configured here (tranche.connections." + name
              + "), so that nobody can tell whether they were run again. Purge where it is, or with"
              + " --open-rejects (tranche.retention.open-rejects)");
    }
    engine.ready().accept(target);
    return target;
  }

  private void cleanUp(PurgeRule rule) {
    List<Histories.Leftover> leftovers = histories.leftovers(AT_ONCE);
    while (!leftovers.isEmpty()) {
      clean(leftovers);
      histories.forget(leftovers);
      leftovers = histories.leftovers(AT_ONCE);
    }
    int days = longest(rule);
    histories.forgetFires(clock.instant().minus(Duration.ofDays(days)));
    // As the settings say, whatever is purged: nobody covers tracks by a purge.
    histories.forgetAudit(clock.instant().minus(Duration.ofDays(longest(standard))));
    histories.forgetDefinitions(clock.instant().minus(Duration.ofDays(Math.max(1, days))));
  }

  private static int longest(PurgeRule rule) {
    return rule.byStatus().values().stream().mapToInt(PurgeRule.Keep::days).max().orElse(0);
  }

  private void clean(List<Histories.Leftover> leftovers) {
    leftovers.stream()
        .collect(Collectors.groupingBy(Histories.Leftover::target))
        .forEach((name, some) -> {
          Database target = engine.databases().find(name);
          if (target == null) {
            throw new RefusedException(
                "connection '" + name + "', which holds the checkpoints of what was removed, is not"
                    + " configured here (tranche.connections." + name
                    + "). The executions are gone; purge again where it is");
          }
          discard(target, some);
          Histories.clean(target, some);
        });
    log.debug("Removed " + Words.count(leftovers.size(), "layout"));
  }

  /** Staging tables of runs that were given up, or died when all else was done. */
  private static void discard(Database target, List<Histories.Leftover> leftovers) {
    try {
      JdbcWriting.discard(target, leftovers.stream().map(Histories.Leftover::layout).toList());
    } catch (SQLException error) {
      throw new StoreException(
          "what runs wrote aside in '" + target.name() + "' cannot be removed: "
              + error.getMessage(),
          error);
    }
  }
}

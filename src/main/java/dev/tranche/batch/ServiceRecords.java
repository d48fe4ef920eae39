package dev.tranche.batch;

import dev.tranche.Accounts;
import dev.tranche.AuditTrail;
import dev.tranche.AuditView;
import dev.tranche.store.AuditLog;
import dev.tranche.store.Database;
import dev.tranche.store.GeneratedPasswords;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service keeps beside the jobs, in the job repository's database. Safe for all threads. */
public final class ServiceRecords implements AuditTrail, Accounts {

  private final AuditLog log;
  private final GeneratedPasswords passwords;
  private final InstantSource clock;

  /** @param repository has the tables of {@link dev.tranche.store.Schema.Part#SERVICE} */
  public ServiceRecords(Database repository, InstantSource clock) {
    this.log = new AuditLog(repository);
    this.passwords = new GeneratedPasswords(repository);
    this.clock = clock;
  }

  @Override
  public long begin(
      String who, String from, String action, String subject, @Nullable String comment) {
    return log.begin(
        new AuditLog.Entry(0, clock.instant(), who, from, action, subject, comment, null));
  }

  @Override
  public void end(long entry, String outcome) {
    log.end(entry, outcome);
  }

  @Override
  public List<AuditView> entries(long before, int limit) {
    return log.entries(before, limit).stream().map(ServiceRecords::view).toList();
  }

  private static AuditView view(AuditLog.Entry it) {
    return new AuditView(
        it.id(), it.at(), it.user(), it.address(), it.action(), it.subject(), it.comment(),
        it.outcome());
  }

  @Override
  public String keep(String user, String hash) {
    return passwords.keep(user, hash);
  }
}

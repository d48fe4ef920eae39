package dev.tranche.batch;

import dev.tranche.RejectGroupView;
import dev.tranche.RejectView;
import dev.tranche.store.Database;
import dev.tranche.store.Reject;
import dev.tranche.store.Rejects;
import dev.tranche.store.StepState;
import dev.tranche.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What was rejected, as front ends show it. Safe for all threads. */
final class RejectViews {

  /** So many rejects stand for their group. */
  private static final int SAMPLES = 3;

  private final Engine engine;

  RejectViews(Engine engine) {
    this.engine = engine;
  }

  List<RejectView> list(Collection<StepState> steps, int offset, int limit) {
    List<RejectView> views = new ArrayList<>();
    int skip = offset;
    for (StepState state : steps) {
      int skipped = skip;
      int room = limit - views.size();
      if (room > 0) {
        skip = read(state, 0, (rejects, connection) -> {
          List<Rejects.Stored> found = rejects.find(connection, state.layout(), skipped, room);
          found.forEach(stored -> views.add(view(state.step(), stored)));
          long before = found.isEmpty() ? rejects.count(connection, state.layout()) : skipped;
          return (int) Math.max(0, skipped - before);
        });
      }
    }
    return views;
  }

  List<RejectGroupView> groups(Collection<StepState> steps) {
    List<RejectGroupView> views = new ArrayList<>();
    for (StepState state : steps) {
      List<Rejects.Group> groups =
          read(
              state,
              List.of(),
              (rejects, connection) -> rejects.groups(connection, state.layout(), SAMPLES));
      groups.forEach(group -> views.add(view(state.step(), group)));
    }
    return views;
  }

  private interface Read<T> {
    T from(Rejects rejects, Connection connection) throws SQLException;
  }

  /** @param unknown where the target's connection is not known here any more */
  private <T> T read(StepState state, T unknown, Read<T> read) {
    Database target = engine.databases().find(state.target());
    if (target == null) {
      return unknown;
    }
    engine.ready().accept(target);
    try (Connection connection = target.connect()) {
      return read.from(new Rejects(target.platform()), connection);
    } catch (SQLException away) {
      throw new StoreException(
          "the rejects in '" + target.name() + "' cannot be read: " + away.getMessage(), away);
    }
  }

  private static RejectGroupView view(String step, Rejects.Group group) {
    List<RejectView> samples =
        group.samples().stream().map(stored -> view(step, stored)).toList();
    return new RejectGroupView(
        step, samples.get(0).fingerprint(), group.count(), group.taken(), samples);
  }

  private static RejectView view(String step, Rejects.Stored stored) {
    Reject reject = stored.reject();
    return new RejectView(
        step,
        stored.partition().name(),
        reject.ordinal(),
        reject.phase(),
        reject.source(),
        reject.line(),
        reject.offset(),
        reject.column(),
        reject.original(),
        reject.errorClass(),
        reject.message(),
        reject.fingerprint(),
        stored.takenBy());
  }
}

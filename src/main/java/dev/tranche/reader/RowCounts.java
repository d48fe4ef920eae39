package dev.tranche.reader;

import dev.tranche.partition.Bounds;
import dev.tranche.partition.Slice;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Counts the rows of parts of a table, many parts at a time. One thread. */
final class RowCounts {

  /** So many parts are counted by one pass over the table. */
  private static final int AT_ONCE = 100;

  /** More parts are not counted, but taken for equal. */
  private static final int MOST = 2_000;

  private final SourceSession session;
  private final SourceSql sql;

  RowCounts(SourceSession session, SourceSql sql) {
    this.session = session;
    this.sql = sql;
  }

  List<Slice.Rows> of(List<Bounds> bounds) throws SQLException {
    List<Slice.Rows> counted = new ArrayList<>();
    if (bounds.size() > MOST) {
      long each = count(List.of(new Bounds.All())).get(0) / bounds.size();
      bounds.forEach(part -> counted.add(new Slice.Rows(part, each)));
      return counted;
    }
    for (int i = 0; i < bounds.size(); i += AT_ONCE) {
      List<Bounds> some = bounds.subList(i, Math.min(bounds.size(), i + AT_ONCE));
      List<Long> counts = count(some);
      for (int j = 0; j < some.size(); j++) {
        counted.add(new Slice.Rows(some.get(j), counts.get(j)));
      }
    }
    return counted;
  }

  private List<Long> count(List<Bounds> bounds) throws SQLException {
    List<Clause> sums = new ArrayList<>();
    for (Bounds part : bounds) {
      Clause within = sql.within(part);
      sums.add(
          within.isNone()
              ? Clause.of("count(*)")
              : Clause.of("sum(case when %s then 1 else 0 end)", within));
    }
    Clause all = SourceSql.joined(sums);
    return session
        .query(
            "select " + all.sql() + " from " + sql.table().from(),
            all,
            row -> {
              List<Long> counts = new ArrayList<>();
              for (int i = 1; i <= bounds.size(); i++) {
                counts.add(row.getLong(i));
              }
              return counts;
            })
        .get(0);
  }
}

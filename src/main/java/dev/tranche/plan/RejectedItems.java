package dev.tranche.plan;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.partition.Slice;
import dev.tranche.reader.RejectSource;
import dev.tranche.row.Columns;
import dev.tranche.store.Database;
import dev.tranche.store.Rejects;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was rejected of {@code original}, in the place of it: a partition for each of its partitions
 * that has rejects which nobody has run again.
 *
 * @param database that the rejects are kept in
 * @param open at the first start; empty later, when the layout is there
 * @param execution what rejects are taken by
 */
record RejectedItems(
    Input original, Database database, List<Rejects.Open> open, long execution)
    implements Input {

  @Override
  public @Nullable Columns columns() {
    return original.columns();
  }

  /** Kept to make rows of texts: the files themselves may be gone by now. */
  @Override
  public String files() {
    return original.files();
  }

  @Override
  public Iterator<Slice.Rejected> cut() {
    return open.stream()
        .map(
            each ->
                new Slice.Rejected(
                    each.partition().layout(),
                    each.partition().number(),
                    each.last(),
                    each.count()))
        .iterator();
  }

  @Override
  public ChunkSource<Object> source(Slice slice, Beans beans) {
    return new RejectSource(
        database,
        (Slice.Rejected) slice,
        execution,
        Objects.requireNonNull(original.rebuilding(), "cannot be redriven"));
  }
}

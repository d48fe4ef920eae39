package dev.tranche.plan;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.partition.Slice;
import dev.tranche.reader.RejectSource;
import dev.tranche.row.Columns;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step reads, examined. Immutable; safe for all threads. */
interface Input {

  /** The columns of the rows read; null if the source gives objects of its own. */
  @Nullable Columns columns();

  /** Facts about files, or the key of a table, to be stored with the layout; else empty. */
  String files();

  /** The slices, in order, cut as they are asked for. */
  Iterator<? extends Slice> cut();

  /** The items of one slice, for one attempt. */
  ChunkSource<Object> source(Slice slice, Beans beans);

  /** What is worth knowing about it before it is read. */
  default List<String> notes() {
    return List.of();
  }

  /** The query that a slice begins with, for people; empty where none is sent. */
  default String sql(Slice slice) {
    return "";
  }

  /** Makes rejected items again of what is kept of them; null if that is not enough. */
  default RejectSource.@Nullable Rebuilding rebuilding() {
    return null;
  }
}

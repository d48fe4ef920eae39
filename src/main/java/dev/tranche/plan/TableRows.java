package dev.tranche.plan;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.partition.Slice;
import dev.tranche.reader.TableInput;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.util.Iterator;

/** {@code read: jdbc}. */
record TableRows(TableInput input, PartitionDefinition rule) implements Input {

  @Override
  public Columns columns() {
    return input.columns();
  }

  @Override
  public String files() {
    return input.facts();
  }

  @Override
  public Iterator<Slice.Rows> cut() {
    return input.cut(rule).iterator();
  }

  @Override
  @SuppressWarnings("unchecked") // what takes rows takes objects that are rows
  public ChunkSource<Object> source(Slice slice, Beans beans) {
    ChunkSource<Row> rows = input.source((Slice.Rows) slice);
    return (ChunkSource<Object>) (ChunkSource<?>) rows;
  }

  @Override
  public String sql(Slice slice) {
    return input.sql(((Slice.Rows) slice).bounds());
  }
}

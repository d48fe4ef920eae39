package dev.tranche.plan;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.Slice;
import dev.tranche.reader.BeanSource;
import dev.tranche.row.Columns;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemReader;

/** {@code read: bean}. */
record BeanItems(
    ReadDefinition.Bean definition, PartitionDefinition rule, Partitioning partitioning)
    implements Input {

  @Override
  public @Nullable Columns columns() {
    return null;
  }

  @Override
  public String files() {
    return "";
  }

  @Override
  public Iterator<Slice.Context> cut() {
    List<Slice.Context> slices =
        rule instanceof PartitionDefinition.Bean bean
            ? partitioning.partition(bean.bean(), bean.count())
            : List.of(new Slice.Context(null, Map.of()));
    return slices.iterator();
  }

  @Override
  public ChunkSource<Object> source(Slice slice, Beans beans) {
    ItemReader<?> reader = beans.get(definition.bean(), ItemReader.class);
    Map<String, Object> context = ((Slice.Context) slice).context();
    return new BeanSource(definition.bean(), reader, definition.repeatable(), context);
  }
}

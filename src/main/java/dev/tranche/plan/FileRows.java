package dev.tranche.plan;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import dev.tranche.reader.FileInput;
import dev.tranche.reader.RejectSource;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.util.Iterator;
import java.util.List;

/** Files of any kind, with the facts about them. */
record FileRows(FileInput input, PartitionDefinition rule, List<FileFacts> facts) implements Input {

  @Override
  public Columns columns() {
    return input.columns(facts);
  }

  @Override
  public String files() {
    return SliceJson.writeFacts(facts);
  }

  @Override
  public Iterator<Slice> cut() {
    return input.cut(rule, facts);
  }

  @Override
  @SuppressWarnings("unchecked") // what takes rows takes objects that are rows
  public ChunkSource<Object> source(Slice slice, Beans beans) {
    ChunkSource<Row> rows = input.source((Slice.Files) slice, facts);
    return (ChunkSource<Object>) (ChunkSource<?>) rows;
  }

  @Override
  public RejectSource.Rebuilding rebuilding() {
    return input.rebuilding(facts);
  }

  @Override
  public List<String> notes() {
    return facts.stream()
        .filter(FileFacts::isForwardOnly)
        .map(file ->
            "file '" + file.path() + "' is compressed: it is one partition, and a restart"
                + " decompresses again what is done of it")
        .toList();
  }
}

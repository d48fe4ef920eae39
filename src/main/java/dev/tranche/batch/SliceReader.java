package dev.tranche.batch;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.partition.InputException;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import dev.tranche.reader.FileInput;
import dev.tranche.row.Row;
import dev.tranche.store.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.batch.infrastructure.item.ParseException;

/**
 * Reads the slice of CSV files that the step's execution context names; all files if the step is
 * not partitioned.
 *
 * <p>A {@link ChunkStep} takes it for what it is, shares it among partitions, and reads ahead. Any
 * other step reads it item by item, one execution for one reader: make it step-scoped there. Either
 * way a restart seeks to its place.
 */
final class SliceReader implements ItemStreamReader<Row> {

  private static final String KEY = "tranche.reader.key";
  private static final String ORDINAL = "tranche.reader.ordinal";
  private static final String LINE = "tranche.reader.line";
  private static final int BUFFERED = 1000;

  // -- given --
  private final FileInput input;

  // -- so far, where it is read item by item --
  private @Nullable ChunkSource<Row> open;
  private @Nullable ReadChunk<Row> chunk;
  private int next;

  SliceReader(FileInput input) {
    this.input = input;
  }

  /** Makes sure that the context names a slice: all files, if no partitioner named one. */
  void freeze(ExecutionContext context) {
    if (!SliceContext.isIn(context)) {
      List<FileFacts> facts = input.examine();
      SliceContext.put(context, SliceJson.write(input.whole(facts)), facts);
    }
  }

  /** @throws InputException if the files are not as they were when they were cut */
  @SuppressWarnings("unchecked") // what takes rows takes objects that are rows
  ChunkSource<Object> source(ExecutionContext context) {
    return (ChunkSource<Object>) (ChunkSource<?>) rows(context);
  }

  private ChunkSource<Row> rows(ExecutionContext context) {
    Slice.Files slice = SliceContext.files(context);
    List<FileFacts> facts = SliceContext.facts(context);
    for (FileFacts file : facts) {
      if (!input.isUnchanged(List.of(file))) {
        throw new InputException(
            "file '" + file.path() + "' was changed after it was cut into partitions, so that what"
                + " is done and what is missing would not fit together. Put it back, or start a new"
                + " instance of the job. (A job file can go on with a repaired file)");
      }
    }
    return input.source(slice, facts);
  }

  // -- item by item --

  @Override
  public void open(ExecutionContext context) {
    freeze(context);
    ChunkSource<Row> opened = rows(context);
    try {
      opened.open(
          context.containsKey(KEY)
              ? new Position(
                  context.getString(KEY), context.getLong(ORDINAL), context.getLong(LINE))
              : null);
    } catch (Exception error) {
      throw new InputException(String.valueOf(error.getMessage()), error);
    }
    open = opened;
    chunk = null;
    next = 0;
  }

  @Override
  public @Nullable Row read() throws Exception {
    ChunkSource<Row> source = opened();
    if (chunk == null || next == chunk.size()) {
      chunk = source.read(BUFFERED, null);
      next = 0;
    }
    if (chunk == null) {
      return null;
    }
    int index = next++;
    try {
      return chunk.item(index);
    } catch (ItemError error) {
      throw new ParseException(
          chunk.source(index) + ", line " + chunk.line(index) + ": " + error.getMessage(), error);
    }
  }

  @Override
  public void update(ExecutionContext context) {
    Position place = chunk == null ? opened().position() : chunk.position(next);
    context.putString(KEY, place.key());
    context.putLong(ORDINAL, place.ordinal());
    context.putLong(LINE, place.line());
  }

  private ChunkSource<Row> opened() {
    if (open == null) {
      throw new IllegalStateException("the reader is not open: register it as a stream of the step");
    }
    return open;
  }

  @Override
  public void close() {
    ChunkSource<Row> opened = open;
    open = null;
    if (opened != null) {
      try {
        opened.close();
      } catch (Exception error) {
        throw new InputException("cannot be closed: " + error.getMessage(), error);
      }
    }
  }
}

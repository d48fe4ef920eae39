package dev.tranche.exactlyonce;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.partition.Slice;
import dev.tranche.reader.RejectSource;
import dev.tranche.store.Database;
import dev.tranche.store.Position;
import org.jspecify.annotations.Nullable;

/** The numbers once more, from the rejects of an earlier layout; chunks are held as there. */
final class Redriven implements ChunkSource<Object> {

  private final RejectSource rejects;
  private final Integers integers;

  Redriven(Database database, Slice.Rejected slice, long execution, Integers integers) {
    this.rejects =
        new RejectSource(
            database,
            slice,
            execution,
            reject -> () -> integers.row(Integer.parseInt(reject.original())));
    this.integers = integers;
  }

  @Override
  public void open(@Nullable Position from) {
    rejects.open(from);
  }

  @Override
  public @Nullable ReadChunk<Object> read(int size, @Nullable Position stop) throws Exception {
    ReadChunk<Object> chunk = rejects.read(size, stop);
    if (chunk != null) {
      integers.entered(Integer.parseInt(chunk.original(0)));
    }
    return chunk;
  }

  @Override
  public Position position() {
    return rejects.position();
  }

  @Override
  public boolean atEnd() {
    return rejects.atEnd();
  }

  @Override
  public void seek(Position to) {
    rejects.seek(to);
  }

  @Override
  public boolean seeks() {
    return rejects.seeks();
  }

  @Override
  public void close() {
    rejects.close();
  }
}

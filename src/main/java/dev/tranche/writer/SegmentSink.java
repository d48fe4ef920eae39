package dev.tranche.writer;

import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into a file of the attempt's own. The checkpoint says how much of it counts.
 *
 * <p>A chunk is encoded, then its checkpoint locks and moves on, then its bytes are written and
 * forced to disk, then all is committed. Whatever ends that way before its end leaves bytes beyond
 * what counts: the next chunk is written over them, and nobody reads them. Nothing is truncated, and
 * no other attempt knows the file, so that one that was superseded spoils only what is its own.
 */
final class SegmentSink implements ItemSink<Object> {

  // -- given --
  private final PartitionKey partition;
  private final SegmentFolder folder;
  private final RowEncoder encoder;
  private final Packing packing;
  private final Disk disk;

  // -- from the claim on --
  private List<Segment> earlier = List.of();
  private long owner;

  // -- so far --
  private final Bytes records = new Bytes();

  /** What is written of the chunk at hand. */
  private Bytes chunk = records;

  private volatile Disk.@Nullable File file;

  /** What is committed of the file. */
  private Digest committed = Digest.NONE;

  /** What will be, with the chunk at hand. */
  private Digest next = Digest.NONE;

  SegmentSink(
      PartitionKey partition,
      SegmentFolder folder,
      RowEncoder encoder,
      Packing packing,
      Disk disk) {
    this.partition = partition;
    this.folder = folder;
    this.encoder = encoder;
    this.packing = packing;
    this.disk = disk;
  }

  @Override
  public void claimed(Claim claim) {
    owner = claim.fence().owner();
    earlier = claim.checkpoint().segments();
  }

  @Override
  public Checkpoint checkpoint(List<Object> items, Checkpoint after) {
    records.clear();
    for (Object item : items) {
      encoder.encode(item, records);
    }
    chunk = packing.pack(records);
    next = committed.then(Digest.of(chunk.array(), 0, chunk.length()));
    return after.with(segments());
  }

  private List<Segment> segments() {
    List<Segment> segments = new ArrayList<>(earlier);
    if (next.length() > 0) {
      segments.add(new Segment(owner, next));
    }
    return segments;
  }

  @Override
  public void write(List<Object> items, long[] ordinals) throws IOException {
    try {
      Disk.File open = file;
      if (open == null) {
        open = disk.create(folder.segment(partition.number(), owner));
        file = open;
        disk.forceFolder(folder.path());
      }
      open.write(committed.length(), chunk.array(), chunk.length());
      open.force();
    } catch (IOException error) {
      throw new IOException(
          "segment '" + folder.shown(partition.number(), owner) + "': " + FileErrors.reason(error), error);
    }
  }

  @Override
  public void completed(Completion completion) {
    if (completion == Completion.COMMITTED) {
      committed = next;
    }
  }

  @Override
  public boolean writesToTargetOnly() {
    return false;
  }

  /** A disk that is full is no row's fault. */
  @Override
  public boolean blamesItems(Exception error) {
    return !(error instanceof IOException);
  }

  @Override
  public void cancel() {
    close();
  }

  @Override
  public void close() {
    Disk.File open = file;
    if (open != null) {
      try {
        open.close();
      } catch (IOException ignored) {
        // What counts of it was forced.
      }
    }
  }
}

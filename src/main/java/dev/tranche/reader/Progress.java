package dev.tranche.reader;

import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.DoneRange;
import java.util.List;

/** What of a partition of files is done, as places in its slice. */
final class Progress {

  /** A stretch that is done. */
  record Done(FilePlace from, FilePlace to, Digest digest) {}

  private final InputCheck.Partition partition;
  private final FilePlace watermark;
  private final List<Done> ranges;

  Progress(InputCheck.Partition partition) {
    this.partition = partition;
    Checkpoint checkpoint = partition.checkpoint();
    this.watermark =
        checkpoint.watermark() == null ? FilePlace.START : FilePlace.of(checkpoint.watermark());
    this.ranges = checkpoint.done().stream().map(Progress::done).toList();
  }

  private static Done done(DoneRange range) {
    return new Done(FilePlace.of(range.from()), FilePlace.of(range.to()), range.digest());
  }

  int number() {
    return partition.number();
  }

  Slice.Files slice() {
    return partition.slice();
  }

  Checkpoint checkpoint() {
    return partition.checkpoint();
  }

  boolean isComplete() {
    return partition.checkpoint().complete();
  }

  /** What is done from the start of the slice; it may be nothing. */
  Done prefix() {
    return new Done(FilePlace.START, watermark, partition.checkpoint().digest());
  }

  /** What is done beyond that. */
  List<Done> ranges() {
    return ranges;
  }

  /** The last stretch done; it may be nothing. */
  Done last() {
    return ranges.isEmpty() ? prefix() : ranges.get(ranges.size() - 1);
  }

  boolean isStarted() {
    return watermark.compareTo(FilePlace.START) > 0;
  }

  /** Whether anything of it is done. */
  boolean isBegun() {
    return isStarted() || !ranges.isEmpty() || isComplete();
  }

  /** Whether the last bytes of the slice are done. */
  boolean isDoneAtEnd() {
    int piece = slice().pieces().size() - 1;
    Slice.Piece last = slice().pieces().get(piece);
    return isComplete() || last().to().compareTo(new FilePlace(piece, last.length())) >= 0;
  }

  /** The partition cannot go on, since {@code file} was edited in a way that loses track. */
  InputException refusal(String file, String reason) {
    return new InputException(
        "partition p" + partition.number() + " (" + slice().describe() + ") cannot go on: file '"
            + file + "' was edited after it was cut into partitions, and " + reason
            + ". Put it back as it was, or load it all anew with a new run");
  }
}

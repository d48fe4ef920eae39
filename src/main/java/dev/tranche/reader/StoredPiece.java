package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice.Piece;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A piece of a file as it is stored.
 *
 * <p>Not a channel, since an interrupt would close that: a stop asked by an interrupt is to end
 * with what was read.
 */
final class StoredPiece implements PieceInput {

  // -- given --
  private final Piece piece;
  private final RandomAccessFile file;
  private final long fileLength;

  // -- so far --
  private long remaining;

  /** @param offset where to begin, from the start of the piece */
  StoredPiece(Piece piece, Path path, long offset) {
    this.piece = piece;
    this.remaining = piece.length() - offset;
    try {
      this.file = new RandomAccessFile(path.toFile(), "r");
      this.fileLength = file.length();
      file.seek(piece.start() + offset);
    } catch (IOException error) {
      throw InputException.unreadable(piece.file(), path, error);
    }
  }

  @Override
  public boolean isRead() {
    return remaining == 0;
  }

  @Override
  public boolean endsFile() {
    return fileLength <= piece.end();
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = file.read(bytes, from, (int) Math.min(length, remaining));
    if (read <= 0) {
      throw new ItemError(
          piece.file() + ": the file ends at byte " + file.length() + ", but " + piece.end()
              + " bytes were expected: it became shorter after it was cut into partitions. Put it"
              + " back as it was",
          null);
    }
    remaining -= read;
    return read;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.partition.Compression;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A compressed file from its first record on: what is before a place is read and thrown away. */
final class InflatedPiece implements PieceInput {

  private static final int BLOCK = 1 << 16;

  // -- given --
  private final Piece piece;
  private final InputStream input;
  private final long skipped;

  // -- so far: bytes that are decompressed and not handed out --
  private final byte[] block = new byte[BLOCK];
  private int at;
  private int limit;
  private @Nullable IOException failure;

  InflatedPiece(Piece piece, Path path, long offset) {
    this.piece = piece;
    this.skipped = piece.start() + offset;
    try {
      this.input = Compression.of(piece.file()).open(path);
    } catch (IOException error) {
      throw InputException.unreadable(piece.file(), path, error);
    }
    try {
      input.skipNBytes(skipped);
    } catch (IOException error) {
      throw broken(error);
    }
  }

  @Override
  public boolean isRead() {
    if (failure != null) {
      throw broken(failure); // and never give again what was given before
    }
    if (at == limit) {
      at = 0;
      limit = 0;
      try {
        limit = input.read(block, 0, BLOCK);
      } catch (IOException error) {
        failure = error;
        throw broken(error);
      }
    }
    return limit < 0;
  }

  @Override
  public boolean endsFile() {
    return true;
  }

  @Override
  public long skipped() {
    return skipped;
  }

  @Override
  public int read(byte[] bytes, int from, int length) {
    if (isRead()) {
      throw broken(new IOException("it is at its end"));
    }
    int read = Math.min(length, limit - at);
    System.arraycopy(block, at, bytes, from, read);
    at += read;
    return read;
  }

  /** No item can be blamed: what follows cannot be read. */
  private ItemError broken(IOException error) {
    return new ItemError(
        piece.file() + ": it cannot be decompressed: " + error.getMessage(), null, error);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}

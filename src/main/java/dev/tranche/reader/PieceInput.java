package dev.tranche.reader;

import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice.Piece;
import java.io.IOException;
import java.nio.file.Path;

/** The bytes of one piece, read forwards from a place within it, and not one byte more. */
interface PieceInput extends AutoCloseable {

  /**
   * @param offset where to begin, from the start of the piece
   * @throws InputException if the file cannot be read
   */
  static PieceInput open(Piece piece, Path path, long offset) {
    if (offset < 0 || piece.length() - offset < 0) {
      throw new IllegalArgumentException("place " + offset + " is not in " + piece);
    }
    return piece.isOpen()
        ? new InflatedPiece(piece, path, offset)
        : new StoredPiece(piece, path, offset);
  }

  /** Whether no bytes of the piece are left. */
  boolean isRead();

  /** Whether the file ends where the piece ends. */
  boolean endsFile();

  /** How many bytes were decompressed only to be passed over. */
  default long skipped() {
    return 0;
  }

  /**
   * Reads at least one byte, up to {@code length}; some must be left.
   *
   * @throws dev.tranche.chunk.ItemError if the file has become too short
   */
  int read(byte[] bytes, int from, int length) throws IOException;

  @Override
  void close() throws IOException;
}

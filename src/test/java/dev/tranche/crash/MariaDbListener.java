package dev.tranche.crash;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Hears a COMMIT in what a client sends to MariaDB, which is always a query in plain text. */
final class MariaDbListener implements Line.Listener {

  private static final int HEADER = 4;
  private static final byte QUERY = 3;

  private final DataInputStream in;
  private boolean commit;

  MariaDbListener(DataInputStream in) {
    this.in = in;
  }

  /** A packet: its length in three bytes, the lowest first, its number, and its body. */
  @Override
  public byte @Nullable [] next() throws IOException {
    byte[] header = in.readNBytes(HEADER);
    if (header.length < HEADER) {
      return null;
    }
    int length = (header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16;
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("in the middle of a packet");
    }
    commit = length > 0 && body[0] == QUERY && isCommit(body);
    byte[] message = new byte[HEADER + length];
    System.arraycopy(header, 0, message, 0, HEADER);
    System.arraycopy(body, 0, message, HEADER, length);
    return message;
  }

  private static boolean isCommit(byte[] body) {
    String sql = new String(body, 1, Math.min(body.length - 1, 20), StandardCharsets.ISO_8859_1);
    return sql.strip().equalsIgnoreCase("COMMIT");
  }

  @Override
  public boolean isCommit() {
    return commit;
  }

  @Override
  public boolean isComplete() {
    return true; // every packet of ours is answered
  }
}

package dev.tranche.crash;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hears a COMMIT in what a client sends to PostgreSQL, as a simple query or by a statement that was
 * prepared before.
 */
final class PostgresListener implements Line.Listener {

  /** Longer ones are other things, whatever they begin with. */
  private static final int LONGEST_REQUEST = 8;

  private final DataInputStream in;
  private final Set<String> commits = new HashSet<>();
  private boolean begun;
  private boolean commit;
  private boolean complete;

  PostgresListener(DataInputStream in) {
    this.in = in;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    try {
      return begun ? message() : greeting();
    } catch (EOFException end) {
      return null;
    }
  }

  /** Requests for encryption, and then the startup message: without a type. */
  private byte[] greeting() throws IOException {
    int length = in.readInt();
    begun = length > LONGEST_REQUEST;
    return ByteBuffer.allocate(length).putInt(length).put(in.readNBytes(length - 4)).array();
  }

  private byte[] message() throws IOException {
    byte type = in.readByte();
    int length = in.readInt();
    byte[] body = in.readNBytes(length - 4);
    hear(type, body);
    return ByteBuffer.allocate(1 + length).put(type).putInt(length).put(body).array();
  }

  private void hear(byte type, byte[] body) {
    commit = false;
    complete = type == 'Q' || type == 'S';
    if (type == 'Q') {
      commit = isCommit(text(body, 0));
    } else if (type == 'P') {
      String name = text(body, 0);
      boolean is = isCommit(text(body, name.length() + 1));
      boolean unused = is ? commits.add(name) : commits.remove(name);
    } else if (type == 'B') {
      commit = commits.contains(text(body, text(body, 0).length() + 1));
    }
  }

  private static boolean isCommit(String sql) {
    return sql.equalsIgnoreCase("COMMIT");
  }

  private static String text(byte[] body, int from) {
    int end = from;
    while (end < body.length && body[end] != 0) {
      end++;
    }
    return new String(body, from, end - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean isCommit() {
    return commit;
  }

  @Override
  public boolean isComplete() {
    return complete;
  }
}

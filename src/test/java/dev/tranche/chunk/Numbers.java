package dev.tranche.chunk;

import dev.tranche.row.Digest;
import dev.tranche.store.Position;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A source of the numbers 1 to n, so that an assertion shows loss, doubles and order at a glance. */
final class Numbers implements ChunkSource<Integer> {

  // -- given --
  private final int count;
  final Set<Integer> unreadable = new HashSet<>();

  // -- so far --
  private int next;
  int opened = -1;
  boolean closed;

  Numbers(int count) {
    this.count = count;
  }

  static Digest digest(int from, int to) {
    Digest digest = Digest.NONE;
    for (int i = from; i < to; i++) {
      digest = digest.then(Digest.of(ByteBuffer.allocate(4).putInt(i + 1).array(), 0, 4));
    }
    return digest;
  }

  private static Position at(int index) {
    return new Position(String.valueOf(index), index, index + 1L);
  }

  @Override
  public void open(@Nullable Position from) {
    next = from == null ? 0 : Integer.parseInt(from.key());
    opened = next;
  }

  @Override
  public @Nullable ReadChunk<Integer> read(int size, @Nullable Position stop) {
    int end = Math.min(count, next + size);
    if (stop != null) {
      end = Math.min(end, Integer.parseInt(stop.key()));
    }
    if (end == next) {
      return null;
    }
    ReadChunk<Integer> chunk = new Part(next, end - next);
    next = end;
    return chunk;
  }

  @Override
  public Position position() {
    return at(next);
  }

  @Override
  public void seek(Position to) {
    next = Integer.parseInt(to.key());
  }

  @Override
  public boolean seeks() {
    return true;
  }

  @Override
  public void close() {
    closed = true;
  }

  private final class Part implements ReadChunk<Integer> {

    private final int from;
    private final int size;

    private Part(int from, int size) {
      this.from = from;
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public Integer item(int index) {
      int number = from + index + 1;
      if (unreadable.contains(number)) {
        throw new ItemError("n: '" + number + "' is not a number", "n");
      }
      return number;
    }

    @Override
    public Position position(int index) {
      return at(from + index);
    }

    @Override
    public Digest digest(int start, int end) {
      return Numbers.digest(from + start, from + end);
    }

    @Override
    public String source(int index) {
      return "numbers";
    }

    @Override
    public long offset(int index) {
      return -1;
    }

    @Override
    public String original(int index) {
      return String.valueOf(from + index + 1);
    }
  }
}

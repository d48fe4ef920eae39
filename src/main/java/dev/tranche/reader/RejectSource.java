package dev.tranche.reader;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.OutageException;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.partition.Slice;
import dev.tranche.row.Digest;
import dev.tranche.store.Database;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Position;
import dev.tranche.store.Reject;
import dev.tranche.store.Rejects;
import dev.tranche.store.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The items that were rejected in a partition and that nobody has run again, a page at a time from
 * the database that they are kept in.
 *
 * <p>What it reads is only a proposal: an item is this execution's once a transaction that takes its
 * reject is committed. A place is the ordinal and the id of the reject before it.
 */
public final class RejectSource implements ChunkSource<Object> {

  /** Stands in the kept text for what could not be kept. */
  private static final String LOST = "\ufffd\u2400";

  /** Makes an item again of what is kept of it; asked by one thread, answered on any. */
  @FunctionalInterface
  public interface Rebuilding {

    /** @return gives the item, or throws an {@link ItemError} as its reader would */
    Supplier<?> of(Reject reject);
  }

  private record At(long ordinal, long id) {

    static final At START = new At(-1, 0);

    static At of(Position position) {
      String[] parts = position.key().split(":", 2);
      return new At(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    Position position(long count) {
      return new Position(ordinal + ":" + id, count, 0);
    }

    boolean isAfter(At other) {
      return ordinal > other.ordinal || ordinal == other.ordinal && id > other.id;
    }
  }

  // -- given --
  private final Database database;
  private final Slice.Rejected slice;
  private final long execution;
  private final Rebuilding rebuilding;

  // -- so far --
  private At at = At.START;
  private long count;
  private boolean ended;

  /** @param execution what the rejects are taken by */
  public RejectSource(
      Database database, Slice.Rejected slice, long execution, Rebuilding rebuilding) {
    this.database = database;
    this.slice = slice;
    this.execution = execution;
    this.rebuilding = rebuilding;
  }

  @Override
  public void open(@Nullable Position from) {
    if (from != null) {
      seek(from);
    }
  }

  @Override
  public void seek(Position to) {
    at = At.of(to);
    count = to.ordinal();
  }

  @Override
  public @Nullable ReadChunk<Object> read(int size, @Nullable Position stop) throws Exception {
    List<Rejects.Stored> page = next(size);
    At end = stop == null ? null : At.of(stop);
    List<Rejects.Stored> before =
        end == null ? page : page.stream().filter(each -> !place(each).isAfter(end)).toList();
    if (before.isEmpty()) {
      // What the place to stop at was made of is taken: nothing is left before it.
      ended = end == null;
      at = end == null ? at : end;
      return null;
    }
    Part part = new Part(position(), before);
    at = place(before.get(before.size() - 1));
    count += before.size();
    ended = end == null && page.size() < size;
    return part;
  }

  private List<Rejects.Stored> next(int size) throws SQLException, OutageException {
    PartitionKey partition = new PartitionKey(slice.layout(), slice.partition());
    try (Connection connection = database.connect()) {
      List<Rejects.Stored> page =
          new Rejects(database.platform())
              .next(connection, partition, at.ordinal(), at.id(), slice.last(), size);
      connection.commit();
      return page;
    } catch (SQLException error) {
      if (SqlErrors.isTransient(error)) {
        throw new OutageException("rejects cannot be read: " + error.getMessage(), error);
      }
      throw error;
    }
  }

  private static At place(Rejects.Stored stored) {
    return new At(stored.reject().ordinal(), stored.id());
  }

  @Override
  public Position position() {
    return at.position(count);
  }

  @Override
  public boolean atEnd() {
    return ended;
  }

  @Override
  public boolean seeks() {
    return true;
  }

  @Override
  public void close() {}

  private Supplier<?> rebuilt(Reject reject) {
    boolean whole = reject.original().chars().noneMatch(each -> LOST.indexOf(each) >= 0);
    return whole
        ? rebuilding.of(reject)
        : () -> {
          throw new ItemError(
              "its text is not kept as it was: it has bytes that are no text of its charset, or the"
                  + " character 0. Correct the input and load the item from there",
              null);
        };
  }

  private final class Part implements ReadChunk<Object> {

    private final Position before;
    private final List<Rejects.Stored> rejects;
    private final List<Supplier<?>> items = new ArrayList<>();

    private Part(Position before, List<Rejects.Stored> rejects) {
      this.before = before;
      this.rejects = rejects;
      rejects.forEach(each -> items.add(rebuilt(each.reject())));
    }

    private Reject reject(int index) {
      return rejects.get(index).reject();
    }

    @Override
    public int size() {
      return rejects.size();
    }

    @Override
    public Object item(int index) {
      return items.get(index).get();
    }

    @Override
    public Position position(int index) {
      return index == 0
          ? before
          : place(rejects.get(index - 1)).position(before.ordinal() + index);
    }

    @Override
    public long line(int index) {
      return reject(index).line();
    }

    @Override
    public Digest digest(int from, int to) {
      return Digest.NONE;
    }

    @Override
    public String source(int index) {
      return reject(index).source();
    }

    @Override
    public long offset(int index) {
      return reject(index).offset();
    }

    @Override
    public String original(int index) {
      return reject(index).original();
    }

    @Override
    public Reject.Taken taken(int from, int to) {
      return new Reject.Taken(
          execution, rejects.subList(from, to).stream().map(Rejects.Stored::id).toList());
    }
  }
}

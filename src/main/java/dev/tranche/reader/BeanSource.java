package dev.tranche.reader;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.partition.KeptContext;
import dev.tranche.row.Digest;
import dev.tranche.store.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.item.ParseException;
import org.springframework.batch.infrastructure.item.file.FlatFileParseException;

/**
 * The items of any Spring {@code ItemReader}.
 *
 * <p>The place of an item is the state that the reader kept before the item's chunk, and how many
 * items to read and drop from there. A reader that keeps none, since it is no {@code ItemStream} or
 * does not save its state, is read from its beginning each time it is opened.
 *
 * <p>Unless it is repeatable, the reader is not read ahead of what is committed: the next chunk is
 * read when the one before is committed.
 *
 * <p>An item that the reader cannot parse is an item at fault; any other error ends the partition.
 */
public final class BeanSource implements ChunkSource<Object> {

  // -- given --
  private final String bean;
  private final ItemReader<?> reader;
  private final boolean repeatable;
  private final KeptContext context;

  // -- so far --
  private BeanState state = new BeanState("{}", 0);
  private long ordinal;
  private boolean ended;

  /**
   * Not opened yet.
   *
   * @param bean the reader's name, for messages
   * @param repeatable whether it gives the same items again when opened from an earlier state, so
   *     that it may be read ahead of what is committed
   * @param slice what its execution context holds from the start, as a {@code Partitioner} gave it
   */
  public BeanSource(
      String bean, ItemReader<?> reader, boolean repeatable, Map<String, Object> slice) {
    this.bean = bean;
    this.reader = reader;
    this.repeatable = repeatable;
    this.context = new KeptContext("reader '" + bean + "'", slice);
  }

  @Override
  public void open(@Nullable Position from) throws Exception {
    state = from == null ? new BeanState("{}", 0) : BeanState.of(from);
    ordinal = from == null ? 0 : from.ordinal();
    ended = false;
    if (reader instanceof ItemStream stream) {
      stream.open(context.open(state.context()));
    }
    for (long i = 0; i < state.skip(); i++) {
      if (readItem() == null) {
        throw new ItemError(
            "reader '" + bean + "' gave only " + i + " of the " + state.skip()
                + " items before the place to go on at: it does not give the same items again",
            null);
      }
    }
  }

  @Override
  public @Nullable ReadChunk<Object> read(int size, @Nullable Position stop) throws Exception {
    if (stop != null) {
      throw new IllegalArgumentException("a bean's items are read in order, up to their end");
    }
    List<Object> items = new ArrayList<>();
    for (Object item; !ended && items.size() < size && (item = readItem()) != null; ) {
      items.add(item);
    }
    if (items.isEmpty()) {
      return null;
    }
    BeanState before = state;
    BeanState after = stateAfter(items.size());
    Chunk chunk = new Chunk(bean, items, before, after, ordinal);
    state = after;
    ordinal += items.size();
    return chunk;
  }

  /** The next item, or what is wrong with it; null at the end. */
  private @Nullable Object readItem() throws Exception {
    try {
      Object item = reader.read();
      ended = item == null;
      return item;
    } catch (ParseException error) {
      return new Unreadable(error);
    }
  }

  /** A state that is as before says nothing of the items since: they are counted instead. */
  private BeanState stateAfter(int items) {
    if (reader instanceof ItemStream stream) {
      stream.update(context.context());
    }
    String json = context.text();
    return json.equals(state.context()) ? state.plus(items) : new BeanState(json, 0);
  }

  @Override
  public Position position() {
    return state.position(ordinal);
  }

  @Override
  public boolean atEnd() {
    return ended;
  }

  @Override
  public void seek(Position to) {
    throw new UnsupportedOperationException("a bean's items are read in order");
  }

  @Override
  public boolean seeks() {
    return false;
  }

  @Override
  public boolean readsAhead() {
    return repeatable;
  }

  @Override
  public void close() {
    if (reader instanceof ItemStream stream) {
      stream.close();
    }
  }

  /** An item that the reader could not parse. */
  private record Unreadable(ParseException error) {

    ItemError itemError() {
      Throwable cause = error.getCause();
      String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
      return new ItemError(error.getMessage() + why, null, error);
    }

    String original() {
      return error instanceof FlatFileParseException line ? line.getInput() : "";
    }

    long line() {
      return error instanceof FlatFileParseException line ? line.getLineNumber() : 0;
    }
  }

  /** Items of a bean, held as they came. */
  private record Chunk(
      String bean, List<Object> items, BeanState before, BeanState after, long firstOrdinal)
      implements ReadChunk<Object> {

    @Override
    public int size() {
      return items.size();
    }

    @Override
    public Object item(int index) {
      Object item = items.get(index);
      if (item instanceof Unreadable unreadable) {
        throw unreadable.itemError();
      }
      return item;
    }

    @Override
    public Position position(int index) {
      BeanState place = index == items.size() ? after : before.plus(index);
      return place.position(ordinal(index));
    }

    @Override
    public long ordinal(int index) {
      return firstOrdinal + index;
    }

    @Override
    public long line(int index) {
      return items.get(index) instanceof Unreadable unreadable ? unreadable.line() : 0;
    }

    @Override
    public Digest digest(int from, int to) {
      return Digest.NONE;
    }

    @Override
    public String source(int index) {
      return bean;
    }

    @Override
    public long offset(int index) {
      return -1;
    }

    @Override
    public String original(int index) {
      Object item = items.get(index);
      return item instanceof Unreadable unreadable ? unreadable.original() : item.toString();
    }
  }
}

package dev.tranche.writer;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.definition.WriteDefinition.Csv;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Position;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one partition: its number, and 1 to so many. */
final class Rows implements ChunkSource<Object> {

  static final Columns COLUMNS =
      new Columns(
          List.of(new Column("partition", ColumnType.LONG), new Column("n", ColumnType.LONG)));
  static final Csv CSV = csv("out.csv", WriteDefinition.Parts.JOIN);

  static Csv csv(String file, WriteDefinition.Parts parts) {
    return new Csv(
        file,
        List.of(),
        true,
        ',',
        '"',
        Csv.Quoting.NEEDED,
        StandardCharsets.UTF_8,
        Csv.LineEnd.LF,
        "",
        parts,
        false);
  }

  private final long partition;
  private final int count;
  private int next;

  Rows(int partition, int count) {
    this.partition = partition;
    this.count = count;
  }

  @Override
  public void open(@Nullable Position from) {
    next = from == null ? 0 : Integer.parseInt(from.key());
  }

  @Override
  public @Nullable ReadChunk<Object> read(int size, @Nullable Position stop) {
    int end = Math.min(count, next + size);
    if (stop != null) {
      end = Math.min(end, Integer.parseInt(stop.key()));
    }
    if (end == next) {
      return null;
    }
    Part part = new Part(next, end - next);
    next = end;
    return part;
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
  public void close() {}

  private static Position at(int index) {
    return new Position(String.valueOf(index), index, index + 1L);
  }

  private final class Part implements ReadChunk<Object> {

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
    public Object item(int index) {
      return new Row(COLUMNS, new Object[] {partition, from + index + 1L});
    }

    @Override
    public Position position(int index) {
      return at(from + index);
    }

    @Override
    public Digest digest(int start, int end) {
      return Digest.NONE;
    }

    @Override
    public String source(int index) {
      return "rows";
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

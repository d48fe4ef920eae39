package dev.tranche.writer;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.partition.Compression;
import dev.tranche.row.Columns;
import dev.tranche.store.Database;
import dev.tranche.store.PartitionKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A step's {@code write: csv} or {@code write: jsonl}: the one file that its partitions become.
 *
 * <p>Attempts write segments, see {@link SegmentSink}; once all partitions are complete a {@link
 * FilePublication} makes the file of them. Immutable; safe for all threads.
 */
public final class FileWriting {

  private static final String GUARANTEE =
      "exactly once: a checkpoint counts only rows that are on disk in '%s', and the file appears"
          + " under its name when the step is complete, with what the checkpoints count";

  private final FinalFile file;
  private final Compression compression;
  private final boolean overwrite;
  private final List<String> names;
  private final byte[] header;
  private final Supplier<RowEncoder> encoder;
  private final boolean takesText;
  private final Database database;
  private final @Nullable Duration timeout;

  /**
   * @param database the job repository's, where the checkpoints are
   * @param columns of the rows to write; null if a bean makes the rows, so that nobody knows yet
   * @param base what the file's path is resolved against
   * @param mayLeave whether the file may be outside of it
   * @param timeout how long the write of a chunk may take; null: as long as it takes
   * @throws UnfitTableException if there cannot be such a file, or it cannot take the rows
   */
  public FileWriting(
      WriteDefinition.InFile definition,
      Database database,
      @Nullable Columns columns,
      Path base,
      boolean mayLeave,
      @Nullable Duration timeout)
      throws UnfitTableException {
    this.file = FinalFile.of(base, mayLeave, definition);
    this.compression = compression(definition);
    this.overwrite = definition.overwrite();
    this.names = names(definition, columns);
    this.database = database;
    this.timeout = timeout;
    if (definition instanceof WriteDefinition.Csv csv) {
      TextBytes text = new TextBytes(csv.charset());
      this.header = header(csv, text);
      this.encoder = () -> new CsvEncoder(csv, names, text);
    } else {
      this.header = new byte[0];
      this.encoder = () -> new JsonEncoder(names);
    }
    this.takesText = encoder.get().takesText();
  }

  /** Whether rows are best left as they stand in the input. */
  public boolean takesText() {
    return takesText;
  }

  private static Compression compression(WriteDefinition.InFile definition)
      throws UnfitTableException {
    Compression compression = Compression.of(definition.file());
    String missing = compression.missing();
    if (missing != null) {
      throw new UnfitTableException("file '" + definition.file() + "' " + missing, null);
    }
    return compression;
  }

  private static List<String> names(WriteDefinition.InFile definition, @Nullable Columns columns)
      throws UnfitTableException {
    if (columns == null) {
      if (definition.columns().isEmpty() && definition instanceof WriteDefinition.Csv) {
        throw new UnfitTableException(
            "write: csv needs to know the columns, which a bean decides. Name them in"
                + " write.columns, or let select: follow the bean.",
            null);
      }
      return definition.columns();
    }
    for (String name : definition.columns()) {
      if (columns.indexOf(name) < 0) {
        throw new UnfitTableException(
            "write.columns names '" + name + "', and the rows have no such column: they have "
                + String.join(", ", columns.names()),
            null);
      }
    }
    return definition.columns().isEmpty() ? columns.names() : definition.columns();
  }

  private byte[] header(WriteDefinition.Csv csv, TextBytes text) throws UnfitTableException {
    if (!csv.header()) {
      return new byte[0];
    }
    try {
      return new CsvEncoder(csv, names, text).header(names);
    } catch (IllegalArgumentException unmappable) {
      throw new UnfitTableException("the header " + unmappable.getMessage(), unmappable);
    }
  }

  /** What this step promises, in words. */
  public String guarantee() {
    return GUARANTEE.formatted(file.shownSegments() + "/<layout>");
  }

  /** Why a step that was never begun cannot write the file; null if nothing is in the way. */
  public @Nullable String obstacle() {
    return overwrite || !file.exists() ? null : inTheWay(file);
  }

  static String inTheWay(FinalFile file) {
    return file.isFolder()
        ? "'" + file.name() + "' is there already, and a folder is not replaced. Move it away"
        : "file '" + file.name() + "' is there already. To have it replaced, set overwrite: true;"
            + " else move it away";
  }

  /** Removes what is left of a layout beside the file that was made of it. */
  public static void discard(
      WriteDefinition.InFile definition, Path base, boolean mayLeave, String layout)
      throws UnfitTableException, IOException {
    FinalFile.of(base, mayLeave, definition).segments(layout).remove(LocalDisk.INSTANCE);
  }

  /** A target for one attempt at {@code partition}; its items are rows. */
  public ChunkTarget<Object> target(PartitionKey partition) {
    SegmentSink sink =
        new SegmentSink(
            partition,
            file.segments(partition.layout()),
            encoder.get(),
            new Packing(compression),
            LocalDisk.INSTANCE);
    return new TransactionalTarget<>(database, partition, sink, timeout);
  }

  /** The publishing of the file, for the partitions of {@code layout}. */
  public Publication publication(String layout) {
    return new FilePublication(
        database,
        file,
        layout,
        String.join("\n", names),
        compression == Compression.NONE ? header : new Packing(compression).begin(header),
        overwrite,
        LocalDisk.INSTANCE);
  }
}

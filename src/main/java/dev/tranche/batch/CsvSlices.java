package dev.tranche.batch;

import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.SliceJson;
import dev.tranche.reader.FileInput;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * CSV files that a partitioned step reads slice by slice: the rule that cuts them, and the reader of
 * a slice.
 *
 * <p>What was cut is kept for the instance of the job. Files that are changed afterwards are refused
 * at a restart. Immutable; safe for all threads.
 */
public final class CsvSlices {

  private final StepHost host;
  private final FileInput input;

  private CsvSlices(StepHost host, FileInput input) {
    this.host = host;
    this.input = input;
  }

  /** Cuts into one partition for each file. */
  public Partitioner byFile() {
    return cutBy(gridSize -> new PartitionDefinition.File(1));
  }

  /** Cuts big files at record ends and groups small ones, into as many partitions as the grid size. */
  public Partitioner byBytes() {
    return cutBy(gridSize -> new PartitionDefinition.Bytes(null, gridSize, 1));
  }

  /** Cuts big files at record ends and groups small ones. @param size of a partition, in bytes */
  public Partitioner byBytes(long size) {
    if (size < 1) {
      throw new IllegalArgumentException("byBytes: the size is " + size + "; it must be at least 1");
    }
    return cutBy(gridSize -> new PartitionDefinition.Bytes(size, null, 1));
  }

  /**
   * Reads the slice that is named in the step's execution context, or all files. In a {@link
   * ChunkStep} one reader does for all partitions; in any other step it must be step-scoped, and
   * registered as a stream.
   */
  public ItemStreamReader<Row> reader() {
    return new SliceReader(input);
  }

  /** The columns of the rows, from the files as they are now. */
  public Columns columns() {
    return input.columns(input.examine());
  }

  private interface Rule {
    PartitionDefinition of(int gridSize);
  }

  private Partitioner cutBy(Rule rule) {
    return new SlicePartitioner(
        host.jobRepository(),
        gridSize -> {
          List<FileFacts> facts = input.examine();
          List<String> slices = new ArrayList<>();
          input.cut(rule.of(gridSize), facts).forEachRemaining(s -> slices.add(SliceJson.write(s)));
          return new SlicePartitioner.Layout(slices, SliceJson.writeFacts(facts));
        });
  }

  /** What {@code read: csv} says in a job file. One thread. */
  public static final class Builder {

    private final StepHost host;
    private final ReadDefinition.Csv given;
    private final Map<String, ColumnDefinition> columns = new LinkedHashMap<>();
    private boolean header;
    private char delimiter;
    private char quote;
    private Charset charset;
    private List<String> nullValues;
    private boolean trim;
    private boolean multiline;
    private long maxRecord;

    Builder(StepHost host, ReadDefinition.Csv given) {
      this.host = host;
      this.given = given;
      this.header = given.header();
      this.delimiter = given.delimiter();
      this.quote = given.quote();
      this.charset = given.charset();
      this.nullValues = given.nullValues();
      this.trim = given.trim();
      this.multiline = given.multiline();
      this.maxRecord = given.maxRecord();
    }

    /** A column of the rows; without any, every column of the header is read as a string. */
    public Builder column(String name, ColumnType type) {
      return column(name, name, type, null);
    }

    /**
     * A column of the rows.
     *
     * @param from its name in the header; its number, if there is no header
     * @param format of dates, times and numbers; null for the usual one
     */
    public Builder column(String name, String from, ColumnType type, @Nullable String format) {
      columns.put(
          name, new ColumnDefinition(from.equals(name) ? null : from, type, format, null));
      return this;
    }

    /** The first record of each file is data; columns take the fields in order. */
    public Builder noHeader() {
      header = false;
      return this;
    }

    public Builder delimiter(char character) {
      delimiter = character;
      return this;
    }

    public Builder quote(char character) {
      quote = character;
      return this;
    }

    public Builder charset(Charset set) {
      charset = set;
      return this;
    }

    /** Texts that stand for no value. */
    public Builder nullValues(String... texts) {
      nullValues = List.of(texts);
      return this;
    }

    /** Removes blanks around values. */
    public Builder trim() {
      trim = true;
      return this;
    }

    /** Values in quotes hold no line ends. */
    public Builder singleLine() {
      multiline = false;
      return this;
    }

    /** The longest record there may be, in bytes. */
    public Builder maxRecord(long bytes) {
      maxRecord = bytes;
      return this;
    }

    /** Looks at no file yet. */
    public CsvSlices build() {
      ReadDefinition.Csv csv =
          new ReadDefinition.Csv(
              given.files(),
              columns,
              header,
              delimiter,
              quote,
              charset,
              nullValues,
              trim,
              multiline,
              maxRecord);
      Host.Settings settings = host.settings();
      return new CsvSlices(
          host, new FileInput(csv, settings.baseDirectory(), settings.mayLeave()));
    }
  }
}

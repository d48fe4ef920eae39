package dev.tranche.partition;

import dev.tranche.row.Digest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one partition covers, so that it can be read again, the same, after any failure.
 *
 * <p>Stored as JSON in the layout; immutable.
 */
public sealed interface Slice {

  /** How much there is to do, in a unit that compares within a layout; largest goes first. */
  long estimate();

  /** In words, for messages: {@code oklahoma-region.csv[524288..1048576)}. */
  String describe();

  /** Stretches of files, in the order they are read. */
  record Files(List<Piece> pieces) implements Slice {
    public Files {
      pieces = List.copyOf(pieces);
    }

    @Override
    public long estimate() {
      return pieces.stream().mapToLong(Piece::estimate).sum();
    }

    @Override
    public String describe() {
      String first = pieces.isEmpty() ? "nothing" : pieces.get(0).describe();
      return pieces.size() < 2 ? first : first + " and " + (pieces.size() - 1) + " more";
    }
  }

  /**
   * The bytes {@code start} (included) to {@code end} (excluded) of a file: whole records.
   *
   * @param file the path, relative to the base directory
   * @param line the line that begins at {@code start}, from 1
   * @param end {@link #OPEN} for a compressed file, whose length is not known
   * @param head digest of the first bytes of the piece, to find it again in an edited file; of all
   *     that is stored, for a compressed file
   * @param tail digest of its last bytes
   */
  record Piece(String file, long start, long end, long line, Digest head, Digest tail) {

    /** How many bytes head and tail digest; fewer if the piece is shorter. */
    public static final int EDGE = 256;

    /** The end of what is read to its end. */
    public static final long OPEN = Long.MAX_VALUE;

    public long length() {
      return end - start;
    }

    /** Whether it is read up to wherever its file ends, and only forwards. */
    public boolean isOpen() {
      return end == OPEN;
    }

    private long estimate() {
      return isOpen() ? head.length() : length();
    }

    String describe() {
      String name = file.substring(file.lastIndexOf('/') + 1);
      return isOpen() ? name : name + "[" + start + ".." + end + ")";
    }
  }

  /**
   * Rows of a table or query.
   *
   * @param rows how many there were when the table was cut
   */
  record Rows(Bounds bounds, long rows) implements Slice {
    @Override
    public long estimate() {
      return rows;
    }

    @Override
    public String describe() {
      return bounds.describe();
    }
  }

  /**
   * What a Spring Batch {@code Partitioner} gave for a partition, or nothing for the only one.
   *
   * @param name the partitioner's own name for it; null for the only one
   * @param context strings, numbers, booleans and dates
   */
  record Context(@Nullable String name, Map<String, Object> context) implements Slice {
    @Override
    public long estimate() {
      return 1;
    }

    @Override
    public String describe() {
      return name == null ? "all" : name;
    }
  }

  /**
   * What was rejected in a partition of another layout, to be run again.
   *
   * @param last the largest id of the rejects that belong to it
   * @param count how many there were when it was cut
   */
  record Rejected(String layout, int partition, long last, long count) implements Slice {
    @Override
    public long estimate() {
      return count;
    }

    @Override
    public String describe() {
      return "rejects of p" + partition;
    }
  }
}

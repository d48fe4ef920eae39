package dev.tranche.writer;

import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Fence;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Position;
import dev.tranche.store.Segment;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one file of a layout's segments: copies what counts of each, in the order of the partitions,
 * into a file beside them, and renames that.
 *
 * <p>Publishing has a checkpoint, as a partition has, and is claimed in the same way, so that of two
 * processes only one can go through with it. Before the rename its checkpoint says what the file
 * will hold, so that whoever goes on after a crash knows it again; after the rename it says complete.
 *
 * <p>One thread.
 */
public final class FilePublication {

  private static final int BUFFER = 1 << 16;

  /** What is copied between two looks at whether to go on. */
  private static final long PORTION = 64L << 20;

  private final Database database;
  private final FinalFile file;
  private final SegmentFolder folder;
  private final PartitionKey key;
  private final String columns;
  private final byte[] header;
  private final boolean overwrite;
  private final Disk disk;

  FilePublication(
      Database database,
      FinalFile file,
      String layout,
      String columns,
      byte[] header,
      boolean overwrite,
      Disk disk) {
    this.database = database;
    this.file = file;
    this.folder = file.segments(layout);
    this.key = PartitionKey.publishing(layout);
    this.columns = columns;
    this.header = header;
    this.overwrite = overwrite;
    this.disk = disk;
  }

  /** The file as users know it. */
  public String name() {
    return file.name();
  }

  /** The names of the columns written, in order; empty if each row has its own. */
  public String columns() {
    return columns;
  }

  /** What tells the file apart from all others of this machine; makes its folder for that. */
  public String key() throws PublicationException {
    try {
      disk.createFolder(file.folder());
      return file.key();
    } catch (IOException error) {
      throw cannot("the folder of file '" + file.name() + "' cannot be made", error);
    }
  }

  /** Makes the folder of the segments. */
  public void createFolder() throws PublicationException {
    try {
      folder.create(disk);
    } catch (IOException error) {
      throw cannot("folder '" + folder.shown() + "' cannot be made", error);
    }
  }

  /** @throws PublicationException if a file is in the way that is not to be replaced */
  public void requireFree() throws PublicationException {
    if (!overwrite && file.exists()) {
      throw new PublicationException(FileWriting.inTheWay(file));
    }
  }

  /** Removes the segments of a layout of this file, and all else in their folder. */
  public void discard(String layout) throws PublicationException {
    try {
      file.segments(layout).remove(disk);
    } catch (IOException error) {
      throw cannot("folder '" + file.segments(layout).shown() + "' cannot be removed", error);
    }
  }

  /** How far the publishing is. */
  public enum Progress {
    NOT_BEGUN,
    BEGUN,
    DONE
  }

  public Progress progress() throws SQLException {
    Claim found = find(List.of(key.number())).get(key.number());
    if (found == null || found.checkpoint().watermark() == null) {
      return Progress.NOT_BEGUN;
    }
    return found.checkpoint().complete() ? Progress.DONE : Progress.BEGUN;
  }

  /**
   * Makes sure that all segments are there with all that counts of them.
   *
   * @throws PublicationException naming the first that is not
   */
  public void checkSegments() throws SQLException, PublicationException {
    sources(find(null));
  }

  private Map<Integer, Claim> find(@Nullable List<Integer> numbers) throws SQLException {
    try (Connection connection = database.connect()) {
      Map<Integer, Claim> found =
          new Checkpoints(database.platform()).find(connection, key.layout(), numbers);
      connection.commit();
      return found;
    }
  }

  /** Whether the run that publishes is still this process's, seen in an open transaction. */
  @FunctionalInterface
  public interface Hold {
    boolean holds(Connection connection) throws SQLException;
  }

  /**
   * Publishes the file if that is not done; safe to be called again after whatever it throws.
   *
   * @param partitions how many there are, all of them complete
   * @param stop whether to give up for now, asked now and then while copying
   * @return false if it was stopped
   * @throws SupersededException if another process publishes it
   * @throws PublicationException if it cannot be done as things are
   */
  public boolean publish(int partitions, Hold hold, BooleanSupplier stop)
      throws SQLException, SupersededException, PublicationException {
    Claim claim = claim(hold);
    if (claim.checkpoint().complete()) {
      return true;
    }
    Path temporary = folder.temporary(claim.fence().owner());
    try {
      folder.removeTemporaries(disk);
      return publish(claim, temporary, partitions, stop);
    } catch (IOException error) {
      requireOwned(claim.fence());
      throw cannot(
          "file '" + file.name() + "' cannot be published from '" + folder.shown()
              + "', where all its rows are safe", error);
    } catch (PublicationException error) {
      requireOwned(claim.fence());
      throw error;
    } finally {
      deleteQuietly(temporary);
    }
  }

  /** Files are taken away from under a publisher that is late: then nothing is wrong with them. */
  private void requireOwned(Fence fence) throws SQLException, SupersededException {
    Claim now = find(List.of(key.number())).get(key.number());
    if (now == null || now.fence().owner() != fence.owner()) {
      throw new SupersededException(key, "another process publishes the file");
    }
  }

  private Claim claim(Hold hold) throws SQLException, SupersededException {
    try (Connection connection = database.connect()) {
      Claim claim =
          database.<Claim, Exception>takingOver(
              connection,
              (session, platform) -> {
                if (!hold.holds(session)) {
                  throw new SupersededException(key, "another process runs this job instance");
                }
                return new Checkpoints(platform).claim(session, key, 0, false);
              });
      connection.commit();
      return claim;
    } catch (SQLException | SupersededException | RuntimeException failure) {
      throw failure;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private boolean publish(Claim claim, Path temporary, int partitions, BooleanSupplier stop)
      throws SQLException, SupersededException, PublicationException, IOException {
    List<Source> sources = sources(complete(partitions));
    Digest whole = whole(sources);
    Fence fence = claim.fence();
    if (!isRenamed(claim.checkpoint(), whole)) {
      requireFree();
      if (!assemble(sources, temporary, stop)) {
        return false;
      }
      fence = advance(fence, whole, false);
      requireFree();
      disk.rename(temporary, file.path());
    }
    disk.forceFolder(file.folder());
    advance(fence, whole, true);
    return true;
  }

  /** A stretch of a segment, from its beginning, that goes into the file. */
  private record Source(Path path, Digest digest) {}

  private Map<Integer, Claim> complete(int partitions) throws SQLException {
    Map<Integer, Claim> claims = find(null);
    for (int number = 1; number <= partitions; number++) {
      Claim claim = claims.get(number);
      if (claim == null || !claim.checkpoint().complete()) {
        throw new IllegalStateException(
            "partition p" + number + " is not complete. This is a bug in tranche.");
      }
    }
    return claims;
  }

  private List<Source> sources(Map<Integer, Claim> claims)
      throws PublicationException {
    List<Source> sources = new ArrayList<>();
    for (Map.Entry<Integer, Claim> each : claims.entrySet()) {
      for (Segment segment : each.getValue().checkpoint().segments()) {
        sources.add(source(each.getKey(), segment));
      }
    }
    return sources;
  }

  private Source source(int partition, Segment segment) throws PublicationException {
    Path path = folder.segment(partition, segment.owner());
    long found;
    try {
      found = Files.size(path);
    } catch (IOException missing) {
      throw lost(partition, segment, "is missing");
    }
    if (found < segment.length()) {
      throw lost(partition, segment, "has " + found + " bytes only");
    }
    return new Source(path, segment.digest());
  }

  /** What was loaded cannot be loaded again, and a file without it must not look whole. */
  private PublicationException lost(int partition, Segment segment, String what) {
    return new PublicationException(
        "segment '" + folder.shown(partition, segment.owner()) + "' " + what + ", and "
            + segment.length() + " bytes of it count. Without them rows of partition p" + partition
            + " would be missing, so that nothing is published. Put the segment back and restart;"
            + " if it is gone for good, give this run up and run the job anew");
  }

  private Digest whole(List<Source> sources) {
    Digest whole = Digest.of(header, 0, header.length);
    for (Source source : sources) {
      whole = whole.then(source.digest());
    }
    return whole;
  }

  /** Whether an earlier publisher came as far as the rename: then the file is what it said. */
  private boolean isRenamed(Checkpoint found, Digest whole) throws IOException {
    return found.watermark() != null
        && found.digest().equals(whole)
        && Files.isRegularFile(file.path())
        && Files.size(file.path()) == whole.length()
        && digest(file.path()).equals(whole);
  }

  private static Digest digest(Path path) throws IOException {
    Digest digest = Digest.NONE;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest = digest.then(Digest.of(buffer, 0, read));
      }
    }
    return digest;
  }

  /** Puts the whole file together under another name, and forces it; false if it was stopped. */
  private boolean assemble(List<Source> sources, Path temporary, BooleanSupplier stop)
      throws IOException {
    try (Disk.File whole = disk.create(temporary)) {
      whole.write(0, header, header.length);
      for (Source source : sources) {
        long length = source.digest().length();
        for (long at = 0; at < length; at += PORTION) {
          if (stop.getAsBoolean()) {
            return false;
          }
          whole.append(source.path(), at, Math.min(PORTION, length - at));
        }
      }
      whole.force();
    }
    return true;
  }

  /** Says in the checkpoint what the file will hold, or that it holds it now. */
  private Fence advance(Fence fence, Digest whole, boolean complete)
      throws SQLException, SupersededException {
    Checkpoint next =
        new Checkpoint(
            new Position("renaming", 0, 0), whole, List.of(), Tally.ZERO, complete);
    try (Connection connection = database.connect()) {
      new Checkpoints(database.platform()).advance(connection, fence, next);
      connection.commit();
      return fence.next();
    }
  }

  private void deleteQuietly(Path temporary) {
    try {
      disk.delete(temporary);
    } catch (IOException left) {
      // The next publisher removes it, or whoever removes the folder.
    }
  }

  private static PublicationException cannot(String what, IOException error) {
    return new PublicationException(what + ": " + FileErrors.reason(error), error);
  }
}

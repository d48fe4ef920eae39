package dev.tranche.writer;

import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Fence;
import dev.tranche.store.Segment;
import dev.tranche.store.SupersededException;
import dev.tranche.writer.Assembly.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Makes one file of a layout's segments, or a folder with one for each partition: copies what counts
 * of each, in the order of the partitions, beside them, and renames that.
 *
 * <p>Before the rename its checkpoint says what the file will hold, so that whoever goes on after a
 * crash knows it again; after the rename it says complete.
 */
public final class FilePublication implements Publication {

  private final Database database;
  private final FinalFile file;
  private final SegmentFolder folder;
  private final PublicationCheckpoint checkpoint;
  private final String columns;
  private final byte[] header;
  private final boolean overwrite;
  private final Disk disk;

  /**
   * @param columns the names of the columns written, by line; empty if each row has its own
   * @param header what a file begins with, as it is stored
   * @param overwrite whether a file that is there is replaced
   */
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
    this.checkpoint = PublicationCheckpoint.of(database, layout, "file");
    this.columns = columns;
    this.header = header;
    this.overwrite = overwrite;
    this.disk = disk;
  }

  @Override
  public String subject() {
    return "file '" + file.name() + "'";
  }

  @Override
  public String material() {
    return "the segments of " + subject();
  }

  @Override
  public String columns() {
    return columns;
  }

  /** Tells it apart from all others of this machine; makes its folder for that. */
  @Override
  public String key() throws PublicationException {
    try {
      disk.createFolder(file.folder());
      return file.key();
    } catch (IOException error) {
      throw cannot("the folder of file '" + file.name() + "' cannot be made", error);
    }
  }

  private void createFolder() throws PublicationException {
    try {
      folder.create(disk);
    } catch (IOException error) {
      throw cannot("folder '" + folder.shown() + "' cannot be made", error);
    }
  }

  @Override
  public void requireFree() throws PublicationException {
    if (!overwrite && file.exists()) {
      throw new PublicationException(FileWriting.inTheWay(file));
    }
  }

  @Override
  public void discard(String layout) throws PublicationException {
    try {
      file.segments(layout).remove(disk);
    } catch (IOException error) {
      throw cannot("folder '" + file.segments(layout).shown() + "' cannot be removed", error);
    }
  }

  @Override
  public Progress progress() throws SQLException {
    return checkpoint.progress();
  }

  /** Makes the folder of the segments; those that count must be there, with all that counts. */
  @Override
  public void stage(Progress progress, Hold hold) throws SQLException, PublicationException {
    if (progress == Progress.NOT_BEGUN) {
      requireFree();
    }
    createFolder();
    checkSegments();
  }

  private void checkSegments() throws SQLException, PublicationException {
    sources(checkpoint.all());
  }

  @Override
  public boolean publish(int partitions, Hold hold, BooleanSupplier stop)
      throws SQLException, SupersededException, PublicationException {
    Claim claim = checkpoint.claim(hold);
    if (claim.checkpoint().complete()) {
      return true;
    }
    Path temporary = folder.temporary(claim.fence().owner());
    try {
      folder.removeTemporaries(disk);
      return publish(claim, temporary, partitions, stop);
    } catch (IOException error) {
      checkpoint.requireOwned(claim.fence());
      throw cannot(
          "file '" + file.name() + "' cannot be published from '" + folder.shown()
              + "', where all its rows are safe", error);
    } catch (PublicationException error) {
      checkpoint.requireOwned(claim.fence());
      throw error;
    } finally {
      deleteQuietly(temporary);
    }
  }

  private boolean publish(Claim claim, Path temporary, int partitions, BooleanSupplier stop)
      throws SQLException, SupersededException, PublicationException, IOException {
    Assembly assembly = assembly(partitions, sources(checkpoint.complete(partitions)));
    Digest whole = assembly.whole();
    Fence fence = claim.fence();
    if (!isRenamed(claim.checkpoint(), assembly)) {
      requireFree();
      if (!assembly.put(temporary, disk, stop)) {
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

  /** What counts of each partition. */
  private Map<Integer, List<Source>> sources(Map<Integer, Claim> claims)
      throws PublicationException {
    Map<Integer, List<Source>> sources = new TreeMap<>();
    for (Map.Entry<Integer, Claim> each : claims.entrySet()) {
      List<Source> own = new ArrayList<>();
      for (Segment segment : each.getValue().checkpoint().segments()) {
        own.add(source(each.getKey(), segment));
      }
      sources.put(each.getKey(), own);
    }
    return sources;
  }

  private Assembly assembly(int partitions, Map<Integer, List<Source>> sources) {
    List<Assembly.Part> parts = new ArrayList<>();
    if (file.isFolder()) {
      for (int number = 1; number <= partitions; number++) {
        List<Source> own = sources.getOrDefault(number, List.of());
        parts.add(new Assembly.Part(file.part(number), own));
      }
    } else {
      parts.add(new Assembly.Part(null, sources.values().stream().flatMap(List::stream).toList()));
    }
    return new Assembly(header, parts);
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

  /** Whether an earlier publisher came as far as the rename: then the file is what it said. */
  private boolean isRenamed(Checkpoint found, Assembly assembly) throws IOException {
    return found.watermark() != null
        && found.digest().equals(assembly.whole())
        && assembly.isAt(file.path());
  }

  /** Says in the checkpoint what the file will hold, or that it holds it now. */
  private Fence advance(Fence fence, Digest whole, boolean complete)
      throws SQLException, SupersededException {
    try (Connection connection = database.connect()) {
      Fence next = checkpoint.advance(connection, fence, "renaming", whole, complete);
      connection.commit();
      return next;
    }
  }

  private void deleteQuietly(Path temporary) {
    try {
      folder.remove(temporary, disk);
    } catch (IOException left) {
      // The next publisher removes it, or whoever removes the folder.
    }
  }

  private static PublicationException cannot(String what, IOException error) {
    return new PublicationException(what + ": " + FileErrors.reason(error), error);
  }
}

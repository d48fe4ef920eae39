package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.WriteException;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.partition.Compression;
import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Fence;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Position;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import dev.tranche.writer.Publication.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens between two publishers, and on a disk that is full. */
class FilePublicationTest {

  private static final byte[] HEADER = "partition,n\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path base;

  private final String layout = UUID.randomUUID().toString();

  private WriteDefinition.Parts parts = WriteDefinition.Parts.JOIN;

  private FinalFile file() throws UnfitTableException {
    return FinalFile.of(base, false, Rows.csv("out/day.csv", parts));
  }

  private FilePublication publication(Database database, Disk disk) throws UnfitTableException {
    return new FilePublication(database, file(), layout, "partition\nn", HEADER, false, disk);
  }

  private static Publication.Hold hold(Database database) {
    return new Publication.Hold(database, session -> true);
  }

  private ChunkTarget<Object> target(Database database, int partition, Disk disk)
      throws UnfitTableException {
    SegmentSink sink =
        new SegmentSink(
            new PartitionKey(layout, partition),
            file().segments(layout),
            new CsvEncoder(Rows.CSV, Rows.COLUMNS.names(), new TextBytes(Rows.CSV.charset())),
            new Packing(Compression.NONE),
            disk);
    return new TransactionalTarget<>(
        database, new PartitionKey(layout, partition), sink, null);
  }

  private static ChunkTarget.Commit<Object> commit(Fence fence, int partition, int rows) {
    List<Object> items =
        LongStream.rangeClosed(1, rows)
            .<Object>mapToObj(
                n -> new dev.tranche.row.Row(Rows.COLUMNS, new Object[] {(long) partition, n}))
            .toList();
    Checkpoint next =
        new Checkpoint(
            new Position("" + rows, rows, 0),
            Digest.NONE,
            List.of(),
            new Tally(rows, rows, 0, 0, 0, 0),
            true);
    return new ChunkTarget.Commit<>(
        fence, next, List.of(), items, LongStream.range(0, rows).toArray());
  }

  private void write(Database database, int partition, int rows) throws Exception {
    publication(database, LocalDisk.INSTANCE).stage(Progress.BEGUN, hold(database));
    try (ChunkTarget<Object> target = target(database, partition, LocalDisk.INSTANCE)) {
      Claim claim = target.claim(0, false);
      target.commit(commit(claim.fence(), partition, rows));
    }
  }

  /** A disk of which one method is another one's. */
  private abstract static class OtherDisk implements Disk {

    @Override
    public void createFolder(Path folder) throws IOException {
      LocalDisk.INSTANCE.createFolder(folder);
    }

    @Override
    public File create(Path path) throws IOException {
      return LocalDisk.INSTANCE.create(path);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
      LocalDisk.INSTANCE.forceFolder(folder);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      LocalDisk.INSTANCE.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
      LocalDisk.INSTANCE.delete(path);
    }
  }

  @EveryDatabase
  void keepsAPublisherThatIsLateFromRenaming(TestDatabase databases) throws Exception {
    Database database = databases.repository();
    write(database, 1, 3);
    FilePublication second = publication(database, LocalDisk.INSTANCE);
    FilePublication late =
        publication(
            database,
            new OtherDisk() {
              @Override
              public void rename(Path from, Path to) throws IOException {
                publishInTheMeantime(second, database);
                Files.writeString(to, "what the user made of it");
                super.rename(from, to);
              }
            });

    assertThatThrownBy(() -> late.publish(1, hold(database), () -> false))
        .isInstanceOf(SupersededException.class)
        .hasMessage(
            "the publishing is owned by another attempt: another process publishes the file");
    assertThat(file().path()).hasContent("what the user made of it");
    databases.close();
  }

  private static void publishInTheMeantime(FilePublication second, Database database) {
    try {
      assertThat(second.publish(1, hold(database), () -> false)).isTrue();
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  @Test
  void publishesOnceHoweverOftenItIsAsked() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY)) {
      Database database = databases.repository();
      write(database, 2, 2);
      write(database, 1, 1);
      FilePublication publication = publication(database, LocalDisk.INSTANCE);
      assertThat(publication.publish(2, hold(database), () -> true)).isFalse();
      assertThat(file().path()).doesNotExist();

      assertThat(publication.publish(2, hold(database), () -> false)).isTrue();
      assertThat(file().path()).hasContent("partition,n\n1,1\n2,1\n2,2\n");
      Files.delete(file().path());
      assertThat(publication.publish(2, hold(database), () -> false)).isTrue();
      assertThat(file().path()).doesNotExist();
      publication.discard(layout);
      assertThat(base.resolve("out")).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @EnumSource
  void recognisesTheFileAfterACrashBehindTheRename(WriteDefinition.Parts kept) throws Exception {
    parts = kept;
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY)) {
      Database database = databases.repository();
      write(database, 1, 3);
      FilePublication dying =
          publication(
              database,
              new OtherDisk() {
                @Override
                public void rename(Path from, Path to) throws IOException {
                  super.rename(from, to);
                  throw new AssertionError("killed");
                }
              });
      assertThatThrownBy(() -> dying.publish(1, hold(database), () -> false))
          .hasMessage("killed");
      FilePublication next =
          publication(
              database,
              new OtherDisk() {
                @Override
                public void rename(Path from, Path to) {
                  throw new AssertionError("renamed again");
                }
              });
      assertThat(next.publish(1, hold(database), () -> false)).isTrue();
      Path written =
          kept == WriteDefinition.Parts.JOIN
              ? file().path()
              : file().path().resolve(file().part(1));
      assertThat(written).hasContent("partition,n\n1,1\n1,2\n1,3\n");
    }
  }

  @Test
  void refusesAFileThatAppearedMeanwhile() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY)) {
      Database database = databases.repository();
      write(database, 1, 3);
      Files.writeString(file().path(), "somebody's");
      FilePublication publication = publication(database, LocalDisk.INSTANCE);
      assertThatThrownBy(() -> publication.publish(1, hold(database), () -> false))
          .isInstanceOf(PublicationException.class)
          .hasMessage(
              "file 'out/day.csv' is there already. To have it replaced, set overwrite: true; else"
                  + " move it away");
      Files.delete(file().path());
      assertThat(publication.publish(1, hold(database), () -> false)).isTrue();
      assertThat(file().path()).hasContent("partition,n\n1,1\n1,2\n1,3\n");
    }
  }

  /** A disk that is full once. */
  private static Disk full(boolean[] once) {
    return new OtherDisk() {
      @Override
      public File create(Path path) throws IOException {
        File real = super.create(path);
        return new File() {
          @Override
          public void write(long position, byte[] bytes, int length) throws IOException {
            real.write(position, bytes, once[0] ? length / 2 : length);
            if (once[0]) {
              once[0] = false;
              throw new IOException("No space left on device");
            }
          }

          @Override
          public void append(Path from, long position, long length) throws IOException {
            real.append(from, position, length);
          }

          @Override
          public void force() throws IOException {
            real.force();
          }

          @Override
          public void close() throws IOException {
            real.close();
          }
        };
      }
    };
  }

  @Test
  void failsOnAFullDiskWithNothingBrokenAndGoesOnOnceThereIsRoom() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY)) {
      Database database = databases.repository();
      boolean[] once = {true};
      publication(database, LocalDisk.INSTANCE).stage(Progress.BEGUN, hold(database));
      try (ChunkTarget<Object> target = target(database, 1, full(once))) {
        Claim claim = target.claim(0, false);
        assertThatThrownBy(() -> target.commit(commit(claim.fence(), 1, 3)))
            .isInstanceOf(WriteException.class)
            .hasMessage(
                "segment 'out/day.csv.segments/" + layout + "/p1.1.part': No space left on device");
        target.commit(commit(claim.fence(), 1, 3));
      }
      once[0] = true;
      FilePublication publication = publication(database, full(once));
      assertThatThrownBy(() -> publication.publish(1, hold(database), () -> false))
          .isInstanceOf(PublicationException.class)
          .hasMessage(
              "file 'out/day.csv' cannot be published from 'out/day.csv.segments/" + layout
                  + "', where all its rows are safe: No space left on device");
      assertThat(file().path()).doesNotExist();
      assertThat(file().segments(layout).path().toFile().list()).containsExactly("p1.1.part");

      assertThat(publication.publish(1, hold(database), () -> false)).isTrue();
      assertThat(file().path()).hasContent("partition,n\n1,1\n1,2\n1,3\n");
    }
  }
}

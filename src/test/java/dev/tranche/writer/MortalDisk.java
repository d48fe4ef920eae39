package dev.tranche.writer;

import dev.tranche.testing.MortalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A real disk as a process sees it that can die at any step it takes there, and whose power can be
 * cut then: what was not forced is kept, lost, or becomes garbage, and what was not forced in a
 * folder may not have happened.
 */
final class MortalDisk implements Disk {

  private final MortalProcess process;
  private final Random random;
  private final List<Written> files = Collections.synchronizedList(new ArrayList<>());
  private final List<Renamed> renames = Collections.synchronizedList(new ArrayList<>());

  MortalDisk(MortalProcess process, long seed) {
    this.process = process;
    this.random = new Random(seed);
  }

  /** Only once its process is dead. */
  void cutPower() throws IOException {
    for (Renamed rename : List.copyOf(renames)) {
      if (random.nextBoolean()) {
        rename.undo();
      }
    }
    for (Written file : List.copyOf(files)) {
      file.loseWhatWasNotForced();
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  private void step(Action action) throws IOException {
    call(
        () -> {
          action.run();
          return this;
        });
  }

  private <T> T call(Callable<T> action) throws IOException {
    try {
      return process.elsewhere(action);
    } catch (IOException | RuntimeException error) {
      throw error;
    } catch (Exception other) {
      throw new IllegalStateException(other);
    }
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    step(() -> LocalDisk.INSTANCE.createFolder(folder));
  }

  @Override
  public Disk.File create(Path file) throws IOException {
    return call(
        () -> {
          Written written = new Written(file, LocalDisk.INSTANCE.create(file));
          files.add(written);
          return written;
        });
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    step(
        () -> {
          files.stream()
              .filter(file -> folder.equals(file.path.getParent()))
              .forEach(file -> file.inFolder = true);
          renames.removeIf(rename -> folder.equals(rename.to.getParent()));
        });
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step(
        () -> {
          byte[] before = Files.isRegularFile(to) ? Files.readAllBytes(to) : null;
          LocalDisk.INSTANCE.rename(from, to);
          renames.add(new Renamed(from, to, before));
          files.stream()
              .filter(file -> file.path.equals(from))
              .forEach(
                  file -> {
                    file.path = to;
                    file.inFolder = true; // or else the rename is undone
                  });
          files.stream()
              .filter(file -> from.equals(file.path.getParent()))
              .forEach(file -> file.path = to.resolve(file.path.getFileName()));
        });
  }

  @Override
  public void delete(Path path) throws IOException {
    step(
        () -> {
          LocalDisk.INSTANCE.delete(path);
          files.removeIf(file -> file.path.equals(path));
        });
  }

  /** @param before what had the name; null if nothing had */
  private record Renamed(Path from, Path to, byte @Nullable [] before) {

    void undo() throws IOException {
      if (Files.exists(to) && Files.isDirectory(from.getParent())) {
        LocalDisk.INSTANCE.rename(to, from);
        if (before != null) {
          Files.write(to, before);
        }
      }
    }
  }

  private final class Written implements Disk.File {

    private volatile Path path;
    private final Disk.File file;
    private volatile boolean inFolder;

    /** Nothing before it was written since all was forced. */
    private volatile long dirty;

    Written(Path path, Disk.File file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void write(long position, byte[] bytes, int length) throws IOException {
      dirty = Math.min(dirty, position);
      step(() -> file.write(position, bytes, length));
    }

    @Override
    public void append(Path from, long position, long length) throws IOException {
      dirty = Math.min(dirty, Files.size(path));
      step(() -> file.append(from, position, length));
    }

    @Override
    public void force() throws IOException {
      step(() -> dirty = Long.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
      file.close(); // also by the death of its process
    }

    private void loseWhatWasNotForced() throws IOException {
      if (!Files.exists(path)) {
        return;
      }
      if (!inFolder && random.nextBoolean()) {
        Files.delete(path);
        return;
      }
      if (dirty == Long.MAX_VALUE) {
        return;
      }
      byte[] bytes = Files.readAllBytes(path);
      int safe = (int) Math.min(dirty, bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> Files.write(path, Arrays.copyOf(bytes, safe));
        case 1 -> {
          byte[] garbage = Arrays.copyOf(bytes, bytes.length + random.nextInt(9));
          for (int i = safe; i < garbage.length; i++) {
            garbage[i] = (byte) random.nextInt();
          }
          Files.write(path, garbage);
        }
        default -> {
          // All of it happened to be written.
        }
      }
    }
  }
}

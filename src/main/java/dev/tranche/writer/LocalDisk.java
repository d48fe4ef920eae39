package dev.tranche.writer;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file system of this machine. Stateless. */
final class LocalDisk implements Disk {

  static final Disk INSTANCE = new LocalDisk();

  private LocalDisk() {}

  @Override
  public void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null) {
      createFolder(above);
    }
    Files.createDirectories(folder); // which does not mind that somebody else was first
    if (above != null) {
      forceFolder(above);
    }
  }

  @Override
  public Disk.File create(Path file) throws IOException {
    Files.createFile(file);
    return new Written(file);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    if (java.io.File.separatorChar == '\\') {
      return; // Windows opens no folders, and writes their entries with the file's own
    }
    try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
      opened.force(true);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  /** Not written by a channel, which an interrupt of its thread would close. */
  private static final class Written implements Disk.File {

    private final RandomAccessFile file;

    Written(Path path) throws IOException {
      file = new RandomAccessFile(path.toFile(), "rw");
    }

    @Override
    public void write(long position, byte[] bytes, int length) throws IOException {
      file.seek(position);
      file.write(bytes, 0, length);
    }

    @Override
    public void append(Path from, long position, long length) throws IOException {
      FileChannel to = file.getChannel();
      try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ)) {
        to.position(to.size());
        for (long done = 0; done < length; ) {
          long copied = source.transferTo(position + done, length - done, to);
          if (copied <= 0) {
            throw new EOFException(from + " became shorter while it was copied");
          }
          done += copied;
        }
      }
    }

    @Override
    public void force() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}

package dev.tranche.writer;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What writing files comes down to: each method is one thing that can fail, or be the last a process
 * did.
 */
interface Disk {

  /** Makes a folder and those above it, so that they outlast a power cut; none if it is there. */
  void createFolder(Path folder) throws IOException;

  /**
   * Makes a file that is not there, and opens it.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there
   */
  File create(Path file) throws IOException;

  /** Makes sure that what is in a folder is in it after a power cut. */
  void forceFolder(Path folder) throws IOException;

  /** Gives a file another name in one step, in the place of what has that name. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a file, or a folder that is empty; nothing if it is not there. */
  void delete(Path path) throws IOException;

  /** A file that is written. One thread, but for {@link #close}. */
  interface File extends AutoCloseable {

    /** Writes the first {@code length} of {@code bytes} at {@code position}. */
    void write(long position, byte[] bytes, int length) throws IOException;

    /** Adds {@code length} bytes of {@code from}, beginning at {@code position} there, at the end. */
    void append(Path from, long position, long length) throws IOException;

    /** Makes sure that all written outlasts a power cut. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }
}

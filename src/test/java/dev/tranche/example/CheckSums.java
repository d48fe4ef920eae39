package dev.tranche.example;

import dev.tranche.chunk.ChunkExecutor;
import dev.tranche.chunk.Results;
import dev.tranche.chunk.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;

/** Map mode: the same for every item, computed on all processors. */
public class CheckSums {

  /** All at once, in input order; an error of any file is thrown when all others are done. */
  public List<Long> of(List<Path> files) throws InterruptedException {
    try (ChunkExecutor executor = ChunkExecutor.inMapMode(Workers.forCpu())) {
      return executor.map(CheckSums::sum, files);
    }
  }

  /** As they come; files are only named a little ahead of what is taken. */
  public long largest(Iterable<Path> files) {
    long largest = 0;
    try (ChunkExecutor executor = ChunkExecutor.inMapMode(Workers.forCpu());
        Results<Long> sums = executor.mapUnordered(CheckSums::sum, files)) {
      while (sums.hasNext()) {
        largest = Math.max(largest, sums.next());
      }
    }
    return largest;
  }

  private static long sum(Path file) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(Files.readAllBytes(file));
    return sum.getValue();
  }
}

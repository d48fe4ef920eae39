package dev.tranche.batch;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A job that loads numbered items from one file into table {@code item}. */
final class Items {

  private Items() {}

  /** The numbers from 1 to {@code count}, a line each. */
  static String csv(int count) {
    return "n\n"
        + IntStream.rangeClosed(1, count)
            .mapToObj(n -> n + "\n")
            .collect(Collectors.joining());
  }

  /** @param process entries of {@code process:}, a line each, indented by six */
  static String job(int partitions, int lanes, int chunk, String mode, String process) {
    return """
        steps:
          - name: load
            read:
              type: csv
              files: items.csv
              columns: { n: long }
            partition: { by: bytes, count: %d, concurrency: %d }
            process:
        %s
            chunk: { size: %d, mode: %s, workers: 2 }
            write: { type: jdbc, table: item, mode: insert }
        """
        .formatted(partitions, lanes, process, chunk, mode);
  }

  static World in(World world, int count) {
    world.sql().sql("create table if not exists item (n bigint not null)").update();
    return world.file("items.csv", csv(count));
  }
}

package dev.tranche.crash;

import java.util.Random;

/**
 * How a load is done.
 *
 * @param two whether repository and target are two databases
 * @param write insert or upsert into a table, or what else rows are written by: csv, jsonl, bean,
 *     bean with connection
 */
record Setting(String mode, int lanes, int chunk, boolean two, String write) {

  private static final int[] CHUNKS = {5, 10, 25};

  /** Items of a chunk that has grown as far as it may. */
  int largest() {
    return 4 * chunk;
  }

  /** Modes alternate; the rest is drawn. */
  static Setting draw(long seed, Random random, String target) {
    Setting table = new Setting(
        seed % 2 == 0 ? "map" : "futures",
        1 + random.nextInt(4),
        CHUNKS[random.nextInt(CHUNKS.length)],
        random.nextBoolean(),
        random.nextInt(3) == 0 ? "upsert" : "insert");
    boolean isTable = Laboratory.DATABASES.contains(target);
    return isTable ? table : new Setting(table.mode, table.lanes, table.chunk, false, target);
  }

  /** The job file. An insert goes into a table without a key, where a doubled row would show. */
  String job() {
    return """
        name: load-orders
        on-crash: { then: restart, limit: 50 }
        steps:
          - name: load
            read:
              type: csv
              files: data/*.csv
              columns: { id: long, customer: string, amount: long, placed: date, note: string }
            partition: { by: bytes, size: %s, concurrency: %d }
            process:
              - filter: "amount >= 20"
              - set: { worth: "amount >= 500 ? 'large' : 'small'" }
            chunk: %s
            on-error:
              skip: { limit: 1000 }
            write: { %s }
        """.formatted(
            isFile() ? "48KB" : "16KB",
            lanes,
            mode.equals("map")
                ? "{ size: %d, max-size: %d, mode: map, workers: 2, timeout: 30s }"
                    .formatted(chunk, largest())
                : "{ size: %d, max-size: %d, mode: futures, workers: 2, in-flight: 8,"
                        .formatted(chunk, largest())
                    + " order: completion, timeout: 30s }",
            writing());
  }

  private boolean isFile() {
    return write.equals("csv") || write.equals("jsonl");
  }

  private String writing() {
    return switch (write) {
      case "csv", "jsonl" -> "type: " + write + ", file: out/orders." + write;
      case "bean" -> "type: bean, bean: calls";
      case "bean with connection" -> "type: bean, bean: rows, connection: default";
      default ->
        "type: jdbc, table: orders, create: true"
            + (two ? ", connection: warehouse" : "")
            + (write.equals("upsert") ? ", mode: upsert, key: [id]" : ", mode: insert");
    };
  }
}

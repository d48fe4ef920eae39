package dev.tranche.crash;

import java.util.Random;

/**
 * How a load is done.
 *
 * @param two whether repository and target are two databases
 */
record Setting(String mode, int lanes, int chunk, boolean two, String write) {

  private static final int[] CHUNKS = {5, 10, 25};

  /** Modes alternate; the rest is drawn. */
  static Setting draw(long seed, Random random) {
    return new Setting(
        seed % 2 == 0 ? "map" : "futures",
        1 + random.nextInt(4),
        CHUNKS[random.nextInt(CHUNKS.length)],
        random.nextBoolean(),
        random.nextInt(3) == 0 ? "upsert" : "insert");
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
            partition: { by: bytes, size: 16KB, concurrency: %d }
            process:
              - filter: "amount >= 20"
              - set: { worth: "amount >= 500 ? 'large' : 'small'" }
            chunk: %s
            on-error:
              skip: { limit: 1000 }
            write: { type: jdbc, %stable: orders, mode: %s, create: true }
        """
        .formatted(
            lanes,
            mode.equals("map")
                ? "{ size: " + chunk + ", mode: map, workers: 2, timeout: 30s }"
                : "{ size: " + chunk + ", mode: futures, workers: 2, in-flight: 8,"
                    + " order: completion, timeout: 30s }",
            two ? "connection: warehouse, " : "",
            write.equals("upsert") ? "upsert, key: [id]" : "insert");
  }
}

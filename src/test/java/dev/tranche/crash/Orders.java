package dev.tranche.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Input made for the laboratory, and what must come of it: rows that are written, some that are
 * filtered, and some that are rejected.
 *
 * @param written each row of the target as one text
 * @param rejected the number of each order that is set aside
 */
record Orders(List<String> written, List<Long> rejected, int filtered) {

  private static final int FILES = 3;

  /** Order numbers begin here, so that those of rejects are found in their original text. */
  private static final long FIRST = 1_000_000;

  /** Writes the input below {@code directory}; the same for the same seed. */
  static Orders write(Path directory, int count, long seed) throws IOException {
    Orders orders = new Orders(new ArrayList<>(), new ArrayList<>(), 0);
    Random random = new Random(seed);
    Path data = Files.createDirectories(directory.resolve("data"));
    int filtered = 0;
    for (int file = 0; file < FILES; file++) {
      StringBuilder text = new StringBuilder("id,customer,amount,placed,note\n");
      for (long id = FIRST + file; id < FIRST + count; id += FILES) {
        filtered += orders.add(text, id, random);
      }
      Files.writeString(data.resolve("orders-" + file + ".csv"), text);
    }
    return new Orders(orders.written, orders.rejected, filtered);
  }

  int read() {
    return written.size() + rejected.size() + filtered;
  }

  /** @return how many of it are filtered */
  private int add(StringBuilder text, long id, Random random) {
    String customer = "customer " + random.nextInt(500);
    int amount = random.nextInt(1000);
    LocalDate placed = LocalDate.of(2026, 1, 1).plusDays(random.nextInt(300));
    String note = random.nextInt(10) == 0 ? "said \"now\",\nor never " + id : "note " + id;
    boolean bad = random.nextInt(150) == 0;
    text.append(id).append(',').append(customer).append(',');
    text.append(bad ? "oops" : String.valueOf(amount)).append(',').append(placed);
    text.append(",\"").append(note.replace("\"", "\"\"")).append("\"\n");
    if (bad) {
      rejected.add(id);
      return 0;
    }
    if (amount < 20) {
      return 1;
    }
    String worth = amount >= 500 ? "large" : "small";
    written.add(String.join("|", "" + id, customer, "" + amount, "" + placed, note, worth));
    return 0;
  }
}

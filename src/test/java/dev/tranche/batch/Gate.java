package dev.tranche.batch;

import dev.tranche.row.Row;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** A processor that holds the item whose column {@code n} is a certain one until it is opened. */
final class Gate implements ItemProcessor<Row, Row> {

  private final long held;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  Gate(long held) {
    this.held = held;
  }

  @Override
  public Row process(Row row) throws InterruptedException {
    if (Long.valueOf(held).equals(row.get("n"))) {
      reached.countDown();
      opened.await();
    }
    return row;
  }

  /** Waits until somebody stands at the gate. */
  void awaitReached() throws InterruptedException {
    if (!reached.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody came to the gate at " + held);
    }
  }

  void open() {
    opened.countDown();
  }
}

package dev.tranche.batch;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.batch.infrastructure.item.ItemStreamWriter;
import org.springframework.batch.infrastructure.item.ParseException;

/**
 * Reader, processor and writer of the numbers from 1 to 7, of which 2 makes trouble, or all of the
 * first chunk. All are streams.
 */
final class Troubled {

  private Troubled() {}

  /** What becomes of item 2; of items 1 to 3 with {@code ALL}. */
  enum Trouble {
    NONE,
    FILTERED,
    ALL_FILTERED,
    READ,
    ALL_READ,
    PROCESS,
    ALL_PROCESS,
    WRITE,
    ALL_WRITE,
    PROCESS_ONCE,
    WRITE_ONCE;

    private boolean is(Trouble one, Trouble all, int item) {
      return this == one && item == 2 || this == all && item <= 3;
    }
  }

  static final class Reader implements ItemStreamReader<Integer> {

    private final Trouble trouble;
    private final Recorder streams;
    private int last;

    Reader(Trouble trouble, Recorder streams) {
      this.trouble = trouble;
      this.streams = streams;
    }

    @Override
    public void open(ExecutionContext context) {
      streams.hear("open reader");
      last = context.getInt("last", 0);
    }

    @Override
    public void update(ExecutionContext context) {
      streams.hear("update reader");
      context.putInt("last", last);
    }

    @Override
    public void close() {
      streams.hear("close reader");
    }

    @Override
    public Integer read() {
      if (last == 7) {
        return null;
      }
      last++;
      if (trouble.is(Trouble.READ, Trouble.ALL_READ, last)) {
        throw new ParseException("bad") {};
      }
      return last;
    }
  }

  /** 2 becomes v2. */
  static final class Processor implements ItemProcessor<Integer, String>, ItemStream {

    private final Trouble trouble;
    private final Recorder streams;
    private final AtomicBoolean failed = new AtomicBoolean();

    Processor(Trouble trouble, Recorder streams) {
      this.trouble = trouble;
      this.streams = streams;
    }

    @Override
    public void open(ExecutionContext context) {
      streams.hear("open processor");
    }

    @Override
    public void update(ExecutionContext context) {
      streams.hear("update processor");
    }

    @Override
    public void close() {
      streams.hear("close processor");
    }

    @Override
    public String process(Integer item) {
      boolean once = item == 2 && trouble == Trouble.PROCESS_ONCE && !failed.getAndSet(true);
      if (once || trouble.is(Trouble.PROCESS, Trouble.ALL_PROCESS, item)) {
        throw new IllegalArgumentException("bad");
      }
      return trouble.is(Trouble.FILTERED, Trouble.ALL_FILTERED, item) ? null : "v" + item;
    }
  }

  static final class Writer implements ItemStreamWriter<String> {

    private static final List<String> FIRST_CHUNK = List.of("v1", "v2", "v3");

    private final Trouble trouble;
    private final Recorder streams;
    private boolean failed;

    Writer(Trouble trouble, Recorder streams) {
      this.trouble = trouble;
      this.streams = streams;
    }

    @Override
    public void open(ExecutionContext context) {
      streams.hear("open writer");
    }

    @Override
    public void update(ExecutionContext context) {
      streams.hear("update writer");
    }

    @Override
    public void close() {
      streams.hear("close writer");
    }

    @Override
    public void write(Chunk<? extends String> chunk) {
      List<? extends String> items = chunk.getItems();
      boolean once = trouble == Trouble.WRITE_ONCE && !failed && items.contains("v2");
      failed |= once;
      if (once
          || trouble == Trouble.WRITE && items.contains("v2")
          || trouble == Trouble.ALL_WRITE && items.stream().anyMatch(FIRST_CHUNK::contains)) {
        throw new IllegalArgumentException("bad");
      }
    }
  }
}

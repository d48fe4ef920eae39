package dev.tranche.batch;

import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.batch.infrastructure.item.ItemStreamWriter;
import org.springframework.batch.infrastructure.item.ParseException;

/** Reader, processor and writer of the numbers from 1 to 7, of which 2 makes trouble. */
final class Troubled {

  private Troubled() {}

  /** What becomes of item 2. */
  enum Trouble {
    NONE,
    FILTERED,
    READ,
    PROCESS,
    WRITE,
    PROCESS_ONCE,
    WRITE_ONCE
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
      if (last == 2 && trouble == Trouble.READ) {
        throw new ParseException("bad") {};
      }
      return last;
    }
  }

  /** The processor: 2 becomes v2. */
  static final class Values {

    private final Trouble trouble;
    private final AtomicBoolean failed = new AtomicBoolean();

    Values(Trouble trouble) {
      this.trouble = trouble;
    }

    String of(int item) {
      if (item == 2
          && (trouble == Trouble.PROCESS
              || trouble == Trouble.PROCESS_ONCE && !failed.getAndSet(true))) {
        throw new IllegalArgumentException("bad");
      }
      return item == 2 && trouble == Trouble.FILTERED ? null : "v" + item;
    }
  }

  static final class Writer implements ItemStreamWriter<String> {

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
      boolean bad = chunk.getItems().contains("v2");
      if (bad && (trouble == Trouble.WRITE || trouble == Trouble.WRITE_ONCE && !failed)) {
        failed = true;
        throw new IllegalArgumentException("bad");
      }
    }
  }
}

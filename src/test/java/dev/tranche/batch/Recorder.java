package dev.tranche.batch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.annotation.AfterChunk;
import org.springframework.batch.core.annotation.AfterProcess;
import org.springframework.batch.core.annotation.AfterRead;
import org.springframework.batch.core.annotation.AfterStep;
import org.springframework.batch.core.annotation.AfterWrite;
import org.springframework.batch.core.annotation.BeforeChunk;
import org.springframework.batch.core.annotation.BeforeProcess;
import org.springframework.batch.core.annotation.BeforeRead;
import org.springframework.batch.core.annotation.BeforeStep;
import org.springframework.batch.core.annotation.BeforeWrite;
import org.springframework.batch.core.annotation.OnChunkError;
import org.springframework.batch.core.annotation.OnProcessError;
import org.springframework.batch.core.annotation.OnReadError;
import org.springframework.batch.core.annotation.OnSkipInProcess;
import org.springframework.batch.core.annotation.OnSkipInRead;
import org.springframework.batch.core.annotation.OnSkipInWrite;
import org.springframework.batch.core.annotation.OnWriteError;
import org.springframework.batch.core.listener.ChunkListener;
import org.springframework.batch.core.listener.ItemProcessListener;
import org.springframework.batch.core.listener.ItemReadListener;
import org.springframework.batch.core.listener.ItemWriteListener;
import org.springframework.batch.core.listener.SkipListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.core.NestedExceptionUtils;

/**
 * Writes down what a step tells its listeners, a line per call: its name, then what it is about.
 *
 * <p>Errors are told by their innermost cause, since Spring Batch wraps them in a RetryException
 * where a step is fault tolerant. Safe for all threads.
 */
class Recorder {

  final List<String> heard = new CopyOnWriteArrayList<>();

  void hear(String call, Object... about) {
    StringBuilder line = new StringBuilder(call);
    for (Object each : about) {
      line.append(' ').append(each instanceof Throwable error ? why(error) : each);
    }
    heard.add(line.toString());
  }

  private static String why(Throwable error) {
    return NestedExceptionUtils.getMostSpecificCause(error).getMessage();
  }

  /** What was heard of these calls, in order. */
  List<String> of(String... calls) {
    List<String> wanted = List.of(calls);
    return heard.stream().filter(line -> wanted.contains(line.split(" ", 2)[0])).toList();
  }

  /** Told by interface. */
  static final class Typed extends Recorder
      implements ItemReadListener<Integer>,
          ItemProcessListener<Integer, String>,
          ItemWriteListener<String>,
          ChunkListener<Integer, String>,
          SkipListener<Integer, String>,
          StepExecutionListener {

    @Override
    public void beforeStep(StepExecution execution) {
      hear("beforeStep", execution.getStepName());
    }

    @Override
    public ExitStatus afterStep(StepExecution execution) {
      hear("afterStep", execution.getStatus());
      return execution.getExitStatus();
    }

    @Override
    public void beforeRead() {
      hear("beforeRead");
    }

    @Override
    public void afterRead(Integer item) {
      hear("afterRead", item);
    }

    @Override
    public void onReadError(Exception error) {
      hear("onReadError", error);
    }

    @Override
    public void beforeProcess(Integer item) {
      hear("beforeProcess", item);
    }

    @Override
    public void afterProcess(Integer item, String result) {
      hear("afterProcess", item, result);
    }

    @Override
    public void onProcessError(Integer item, Exception error) {
      hear("onProcessError", item, error);
    }

    @Override
    public void beforeWrite(Chunk<? extends String> items) {
      hear("beforeWrite", items.getItems());
    }

    @Override
    public void afterWrite(Chunk<? extends String> items) {
      hear("afterWrite", items.getItems());
    }

    @Override
    public void onWriteError(Exception error, Chunk<? extends String> items) {
      hear("onWriteError", items.getItems(), error);
    }

    @Override
    public void beforeChunk(Chunk<Integer> chunk) {
      hear("beforeChunk", chunk.getItems());
    }

    @Override
    public void afterChunk(Chunk<String> chunk) {
      hear("afterChunk", chunk.getItems());
    }

    @Override
    public void onChunkError(Exception error, Chunk<String> chunk) {
      hear("onChunkError", chunk.getItems(), error);
    }

    @Override
    public void onSkipInRead(Throwable error) {
      hear("onSkipInRead", error);
    }

    @Override
    public void onSkipInProcess(Integer item, Throwable error) {
      hear("onSkipInProcess", item, error);
    }

    @Override
    public void onSkipInWrite(String item, Throwable error) {
      hear("onSkipInWrite", item, error);
    }
  }

  /** Told the same by annotation. */
  static final class Annotated extends Recorder {

    @BeforeStep
    public void start(StepExecution execution) {
      hear("beforeStep", execution.getStepName());
    }

    @AfterStep
    public ExitStatus end(StepExecution execution) {
      hear("afterStep", execution.getStatus());
      return execution.getExitStatus();
    }

    @BeforeRead
    public void reading() {
      hear("beforeRead");
    }

    @AfterRead
    public void read(Integer item) {
      hear("afterRead", item);
    }

    @OnReadError
    public void unread(Exception error) {
      hear("onReadError", error);
    }

    @BeforeProcess
    public void processing(Integer item) {
      hear("beforeProcess", item);
    }

    @AfterProcess
    public void processed(Integer item, String result) {
      hear("afterProcess", item, result);
    }

    @OnProcessError
    public void unprocessed(Integer item, Exception error) {
      hear("onProcessError", item, error);
    }

    @BeforeWrite
    public void writing(Chunk<? extends String> items) {
      hear("beforeWrite", items.getItems());
    }

    @AfterWrite
    public void written(Chunk<? extends String> items) {
      hear("afterWrite", items.getItems());
    }

    @OnWriteError
    public void unwritten(Exception error, Chunk<? extends String> items) {
      hear("onWriteError", items.getItems(), error);
    }

    @BeforeChunk
    public void begun(Chunk<Integer> chunk) {
      hear("beforeChunk", chunk.getItems());
    }

    @AfterChunk
    public void done(Chunk<String> chunk) {
      hear("afterChunk", chunk.getItems());
    }

    @OnChunkError
    public void undone(Exception error, Chunk<String> chunk) {
      hear("onChunkError", chunk.getItems(), error);
    }

    @OnSkipInRead
    public void skipped(Throwable error) {
      hear("onSkipInRead", error);
    }

    @OnSkipInProcess
    public void skipped(Integer item, Throwable error) {
      hear("onSkipInProcess", item, error);
    }

    @OnSkipInWrite
    public void skipped(String item, Throwable error) {
      hear("onSkipInWrite", item, error);
    }
  }
}

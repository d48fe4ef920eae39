package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.ChunkListener;
import org.springframework.batch.core.listener.CompositeChunkListener;
import org.springframework.batch.core.listener.CompositeItemProcessListener;
import org.springframework.batch.core.listener.CompositeItemReadListener;
import org.springframework.batch.core.listener.CompositeItemWriteListener;
import org.springframework.batch.core.listener.CompositeSkipListener;
import org.springframework.batch.core.listener.CompositeStepExecutionListener;
import org.springframework.batch.core.listener.ItemProcessListener;
import org.springframework.batch.core.listener.ItemReadListener;
import org.springframework.batch.core.listener.ItemWriteListener;
import org.springframework.batch.core.listener.SkipListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.listener.StepListener;
import org.springframework.batch.core.listener.StepListenerFactoryBean;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;

/**
 * The beans of an attempt that are Spring Batch's listeners, by interface or by annotation.
 *
 * <p>Process listeners are called by workers, several at a time, and so are read listeners, unless
 * there is a chunk listener too; all others by the lane's thread. {@code beforeRead} and {@code
 * afterRead} are called around the decoding of an item, since its bytes are read a chunk at a time.
 */
final class Listeners implements ChunkObserver {

  private final CompositeStepExecutionListener step = new CompositeStepExecutionListener();
  private final CompositeItemReadListener<Object> read = new CompositeItemReadListener<>();
  private final CompositeItemProcessListener<Object, Object> process =
      new CompositeItemProcessListener<>();
  private final CompositeItemWriteListener<Object> write = new CompositeItemWriteListener<>();
  private final CompositeChunkListener<Object, Object> chunk = new CompositeChunkListener<>();
  private final CompositeSkipListener<Object, Object> skip = new CompositeSkipListener<>();
  private boolean none = true;
  private boolean ofChunks;

  /** @param candidates any objects; those that are no listeners are left out */
  Listeners(List<?> candidates) {
    candidates.stream().distinct().filter(StepListenerFactoryBean::isListener).forEach(this::add);
  }

  @SuppressWarnings("unchecked")
  private void add(Object bean) {
    none = false;
    StepListener listener = StepListenerFactoryBean.getListener(bean);
    if (listener instanceof StepExecutionListener typed) {
      step.register(typed);
    }
    if (listener instanceof ItemReadListener<?> typed) {
      read.register((ItemReadListener<Object>) typed);
    }
    if (listener instanceof ItemProcessListener<?, ?> typed) {
      process.register((ItemProcessListener<Object, Object>) typed);
    }
    if (listener instanceof ItemWriteListener<?> typed) {
      write.register((ItemWriteListener<Object>) typed);
    }
    if (listener instanceof ChunkListener<?, ?> typed) {
      ofChunks = true;
      chunk.register((ChunkListener<Object, Object>) typed);
    }
    if (listener instanceof SkipListener<?, ?> typed) {
      skip.register((SkipListener<Object, Object>) typed);
    }
  }

  /** Whether there is nobody to tell. */
  boolean isEmpty() {
    return none;
  }

  void beforeStep(StepExecution execution) {
    step.beforeStep(execution);
  }

  @Nullable ExitStatus afterStep(StepExecution execution) {
    return step.afterStep(execution);
  }

  @Override
  public boolean wantsInputs() {
    return ofChunks;
  }

  @Override
  public void beforeRead() {
    read.beforeRead();
  }

  @Override
  public void afterRead(Object item) {
    read.afterRead(item);
  }

  @Override
  public void onReadError(Throwable error) {
    read.onReadError(exception(error));
  }

  @Override
  public void beforeProcess(Object item) {
    process.beforeProcess(item);
  }

  @Override
  public void afterProcess(Object item, @Nullable Object result) {
    process.afterProcess(item, result);
  }

  @Override
  public void onProcessError(Object item, Throwable error) {
    process.onProcessError(item, exception(error));
  }

  @Override
  public void beforeChunk(List<?> items) {
    chunk.beforeChunk(chunk(items));
  }

  @Override
  public void afterChunk(List<?> items) {
    chunk.afterChunk(chunk(items));
  }

  @Override
  public void onChunkError(Throwable error, List<?> items) {
    chunk.onChunkError(exception(error), chunk(items));
  }

  @Override
  public void beforeWrite(List<?> items) {
    write.beforeWrite(chunk(items));
  }

  @Override
  public void afterWrite(List<?> items) {
    write.afterWrite(chunk(items));
  }

  @Override
  public void onWriteError(Throwable error, List<?> items) {
    write.onWriteError(exception(error), chunk(items));
  }

  @Override
  public void onSkip(Phase phase, @Nullable Object item, Throwable error) {
    if (phase == Phase.READ || item == null) {
      skip.onSkipInRead(error);
    } else if (phase == Phase.PROCESS) {
      skip.onSkipInProcess(item, error);
    } else {
      skip.onSkipInWrite(item, error);
    }
  }

  private static Chunk<Object> chunk(List<?> items) {
    return new Chunk<>(List.copyOf(items));
  }

  private static Exception exception(Throwable error) {
    return error instanceof Exception exception ? exception : new IllegalStateException(error);
  }
}

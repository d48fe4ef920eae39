package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import dev.tranche.store.Tally;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several observers as one, called in order.
 *
 * @param ofItems those that watch single items
 */
record Observers(List<ChunkObserver> all, List<ChunkObserver> ofItems) implements ChunkObserver {

  static ChunkObserver of(List<ChunkObserver> all) {
    return all.isEmpty()
        ? NONE
        : all.size() == 1
            ? all.get(0)
            : new Observers(
                List.copyOf(all), all.stream().filter(ChunkObserver::watchesItems).toList());
  }

  @Override
  public boolean watchesItems() {
    return !ofItems.isEmpty();
  }

  private void eachOfItems(Consumer<ChunkObserver> call) {
    ofItems.forEach(call);
  }

  private void each(Consumer<ChunkObserver> call) {
    all.forEach(call);
  }

  @Override
  public boolean wantsInputs() {
    return all.stream().anyMatch(ChunkObserver::wantsInputs);
  }

  @Override
  public void beforeRead() {
    eachOfItems(ChunkObserver::beforeRead);
  }

  @Override
  public void afterRead(Object item) {
    eachOfItems(one -> one.afterRead(item));
  }

  @Override
  public void onReadError(Throwable error) {
    eachOfItems(one -> one.onReadError(error));
  }

  @Override
  public void beforeProcess(Object item) {
    eachOfItems(one -> one.beforeProcess(item));
  }

  @Override
  public void resumeProcess(Object item, long nanos) {
    eachOfItems(one -> one.resumeProcess(item, nanos));
  }

  @Override
  public void afterProcess(Object item, @Nullable Object result) {
    eachOfItems(one -> one.afterProcess(item, result));
  }

  @Override
  public void onProcessError(Object item, Throwable error) {
    eachOfItems(one -> one.onProcessError(item, error));
  }

  @Override
  public void beforeChunk(List<?> items) {
    each(one -> one.beforeChunk(items));
  }

  @Override
  public void afterChunk(List<?> items) {
    each(one -> one.afterChunk(items));
  }

  @Override
  public void onChunkError(Throwable error, List<?> items) {
    each(one -> one.onChunkError(error, items));
  }

  @Override
  public void beforeWrite(List<?> items) {
    each(one -> one.beforeWrite(items));
  }

  @Override
  public void afterWrite(List<?> items) {
    each(one -> one.afterWrite(items));
  }

  @Override
  public void notWritten(Throwable error) {
    each(one -> one.notWritten(error));
  }

  @Override
  public void onWriteError(Throwable error, List<?> items) {
    each(one -> one.onWriteError(error, items));
  }

  @Override
  public void committing() {
    each(ChunkObserver::committing);
  }

  @Override
  public void onSkip(Phase phase, @Nullable Object item, Throwable error) {
    each(one -> one.onSkip(phase, item, error));
  }

  @Override
  public void committed(Tally delta, long nanos) {
    each(one -> one.committed(delta, nanos));
  }

  @Override
  public void retried(Phase phase, Throwable error) {
    each(one -> one.retried(phase, error));
  }

  @Override
  public void waited(int chunks, long nanos) {
    each(one -> one.waited(chunks, nanos));
  }

  @Override
  public void rolledBack(Throwable error) {
    each(one -> one.rolledBack(error));
  }

  @Override
  public void outcomeUnknown(Throwable error) {
    each(one -> one.outcomeUnknown(error));
  }
}

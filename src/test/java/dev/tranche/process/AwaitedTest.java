package dev.tranche.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Beans whose results come later. */
class AwaitedTest {

  @Test
  void takesTheValueOfAStageThatIsCompletedByAnotherThread() throws Exception {
    CompletableFuture<Object> page = new CompletableFuture<>();
    CountDownLatch asked = new CountDownLatch(1);
    Thread client =
        new Thread(
            () -> {
              try {
                asked.await();
                page.complete("<html>");
              } catch (InterruptedException stopped) {
                page.completeExceptionally(stopped);
              }
            });
    client.start();
    Awaited bean =
        new Awaited(
            item -> {
              asked.countDown();
              return page;
            });

    assertThat(bean.apply("url")).isEqualTo("<html>");
    client.join();
  }

  @Test
  void leavesOtherItemsAsTheyAreAndFiltersForNull() throws Exception {
    assertThat(new Awaited(item -> item).apply("url")).isEqualTo("url");
    assertThat(new Awaited(item -> CompletableFuture.completedStage(null)).apply("url")).isNull();
  }

  /** Retry rules and messages see what the bean's own code threw. */
  @Test
  void throwsWhatTheStageFailedWith() {
    CompletionStage<Object> failed =
        CompletableFuture.failedFuture(new IOException("no route")).thenApply(page -> page);

    assertThatThrownBy(() -> new Awaited(item -> failed).apply("url"))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("no route");
  }

  @Test
  void cancelsWhatItWaitsForWhenItsWorkerIsInterrupted() {
    CompletableFuture<Object> never = new CompletableFuture<>();
    Awaited bean =
        new Awaited(
            item -> {
              Thread.currentThread().interrupt(); // as the timeout of the chunk does
              return never;
            });

    assertThatThrownBy(() -> bean.apply("url")).isInstanceOf(InterruptedException.class);
    assertThat(never).isCancelled();
  }
}

package dev.tranche.example;

import dev.tranche.chunk.ChunkExecutor;
import dev.tranche.chunk.ChunkFuture;
import dev.tranche.chunk.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Futures mode: tasks that differ and wait, each with a future of its own. */
public class FirstAnswers {

  /** What is answered in time; what is not begun then is cancelled, what runs is waited for. */
  public List<String> within(Duration time, List<Callable<String>> questions)
      throws InterruptedException {
    List<String> answers = new ArrayList<>();
    try (ChunkExecutor executor = ChunkExecutor.inFuturesMode(Workers.forIo().named("ask"))) {
      List<ChunkFuture<String>> asked = questions.stream().map(executor::submit).toList();
      try {
        for (ChunkFuture<String> answer : ChunkFuture.asCompleted(asked, time)) {
          answers.add(answer.get());
        }
      } catch (CompletionException late) {
        answers.add(late.getMessage()); // "2 (of 5) futures unfinished"
      } catch (ExecutionException refused) {
        answers.add(refused.getCause().getMessage());
      }
      executor.shutdown(true, true);
    }
    return answers;
  }
}

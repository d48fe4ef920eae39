package dev.tranche.chunk;

import dev.tranche.definition.ChunkDefinition.Threads;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Names threads and makes them daemons, so that stuck ones do not keep the process alive. */
final class WorkerThreads implements ThreadFactory {

  private final ThreadFactory maker;
  private final String prefix;
  private final AtomicInteger count = new AtomicInteger();

  private WorkerThreads(ThreadFactory maker, String prefix) {
    this.maker = maker;
    this.prefix = prefix;
  }

  static ThreadFactory of(Workers workers) {
    return new WorkerThreads(
        workers.kind() == Threads.VIRTUAL ? VirtualThreads.factory() : Thread::new,
        workers.name() + "-worker-");
  }

  @Override
  public Thread newThread(Runnable body) {
    Thread thread = maker.newThread(body);
    thread.setName(prefix + count.incrementAndGet());
    if (!thread.isDaemon()) {
      thread.setDaemon(true);
    }
    return thread;
  }
}

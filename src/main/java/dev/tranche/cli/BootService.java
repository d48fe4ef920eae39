package dev.tranche.cli;

import java.util.concurrent.CountDownLatch;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/**
 * A Boot application as a service. Stopped, it is still open: its database may have to wait for
 * guests before it is closed.
 */
final class BootService implements Service {

  private final ConfigurableApplicationContext context;
  private final CountDownLatch stopped = new CountDownLatch(1);

  BootService(ConfigurableApplicationContext context) {
    this.context = context;
    context.addApplicationListener(
        (ApplicationListener<ContextClosedEvent>) closed -> stopped.countDown());
  }

  @Override
  public synchronized void stop() {
    if (stopped.getCount() > 0) {
      context.stop();
      stopped.countDown();
    }
  }

  @Override
  public void awaitStop() {
    try {
      stopped.await();
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }
}

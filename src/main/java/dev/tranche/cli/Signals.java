package dev.tranche.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and SIGINT while work is under way: the first ends it in good order, a second at once.
 *
 * <p>They are caught before the JVM begins its shutdown, because H2 closes an embedded database in a
 * shutdown hook of its own, under the hands of whoever still commits. There is no public API for
 * that; {@code sun.misc.Signal} is used where the JVM has it.
 */
final class Signals {

  /*
   * The JVM runs a handler on a thread of its own, one per signal. It shares `received` with the
   * thread that does the work, and waits for `done`, which that thread counts down.
   */

  private static final int AT_A_TIME_MILLIS = 200;

  private final AtomicInteger received = new AtomicInteger();
  private final Terminal terminal;

  Signals(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Does {@code work}; a signal calls {@code stop} until the work is done. */
  <T> T during(Supplier<T> work, Runnable stop) {
    CountDownLatch done = new CountDownLatch(1);
    Object term = handle("TERM", 15, stop, done);
    Object interrupt = handle("INT", 2, stop, done);
    try {
      return work.get();
    } finally {
      done.countDown();
      restore("TERM", term);
      restore("INT", interrupt);
    }
  }

  /** 128 and the number of the signal that ended the work; {@code otherwise} if there was none. */
  int exitCode(int otherwise) {
    return received.get() == 0 ? otherwise : 128 + received.get();
  }

  private void received(int number, Runnable stop, CountDownLatch done) {
    if (!received.compareAndSet(0, number)) {
      Runtime.getRuntime().halt(128 + number);
    }
    terminal.err().println("Stopping at the next commit. Once more ends the process at once.");
    terminal.err().flush();
    try {
      // Again and again: the first call may come before the run is known to have begun.
      do {
        stop.run();
      } while (!done.await(AT_A_TIME_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the handler there was before; null if signals cannot be handled here. */
  private @Nullable Object handle(String name, int number, Runnable stop, CountDownLatch done) {
    InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
      case "handle" -> {
        received(number, stop, done);
        yield null;
      }
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == arguments[0];
      default -> name;
    };
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {type}, handler);
      return install(name, proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException notHere) {
      return null;
    }
  }

  private static void restore(String name, @Nullable Object handler) {
    try {
      if (handler != null) {
        install(name, handler);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object install(String name, Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    return signal
        .getMethod("handle", signal, type)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
  }
}

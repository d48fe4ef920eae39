package dev.tranche.chunk;

import java.util.concurrent.ThreadFactory;

/** Virtual threads, by reflection: Tranche is compiled for 17 and they came with 21. */
final class VirtualThreads {

  private VirtualThreads() {}

  /** @throws IllegalStateException before Java 21, saying so */
  static ThreadFactory factory() {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      return (ThreadFactory)
          Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException(
          "threads: virtual needs Java 21 or later; this is Java "
              + Runtime.version().feature()
              + ". Use threads: platform",
          missing);
    }
  }
}

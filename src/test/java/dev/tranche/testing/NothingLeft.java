package dev.tranche.testing;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * Fails when a test has left a thread, a pool of connections, a database or a folder behind. JUnit
 * finds this by itself, so that it holds for all tests but jqwik's.
 *
 * <p>A test's arguments are closed after everything that an extension is told. So what it left is
 * looked for before the next one, or at the end of its class. One thread.
 */
public final class NothingLeft
    implements BeforeAllCallback,
        AfterAllCallback,
        TestInstancePreConstructCallback,
        BeforeEachCallback {

  /** Threads of the product, of its pools of connections, and of the laboratory. */
  private static final Pattern OURS =
      Pattern.compile("(?!ForkJoinPool).*(tranche|housekeeper|-worker-\\d+|:lane-\\d+).*|line");

  /** How long a thread that was told to end may take, on a busy machine. */
  private static final long MILLIS_TO_END = 30_000;

  private final Deque<State> classes = new ArrayDeque<>();
  private @Nullable State last;

  @Override
  public void beforeAll(ExtensionContext context) {
    classes.push(State.before(context));
  }

  /** Before the fields of the next test have things of their own. */
  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext factory, ExtensionContext context) throws InterruptedException {
    checkLast();
  }

  @Override
  public void beforeEach(ExtensionContext context) throws InterruptedException {
    checkLast();
    last = sharesSomething(context.getRequiredTestClass()) ? null : State.before(context);
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    checkLast();
    classes.pop().check();
  }

  private void checkLast() throws InterruptedException {
    State before = last;
    last = null;
    if (before != null) {
      before.check();
    }
  }

  /** Its tests may leave to its end what they share. */
  private static boolean sharesSomething(Class<?> tests) {
    return Arrays.stream(tests.getDeclaredMethods())
        .anyMatch(method -> method.isAnnotationPresent(BeforeAll.class));
  }

  /**
   * What there was before.
   *
   * @param things databases and folders
   */
  private record State(String test, Set<Thread> threads, Set<String> things) {

    private static State before(ExtensionContext context) {
      String name =
          context.getRequiredTestClass().getSimpleName() + ", " + context.getDisplayName();
      return new State(name, NothingLeft.threads(), NothingLeft.things());
    }

    private void check() throws InterruptedException {
      Set<String> left = new TreeSet<>(NothingLeft.things());
      left.removeAll(things);
      Set<Thread> started = NothingLeft.threads();
      started.removeAll(threads);
      long end = System.nanoTime() + MILLIS_TO_END * 1_000_000;
      for (Thread thread : started) {
        thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        if (thread.isAlive()) {
          left.add("thread " + thread.getName());
        }
      }
      if (!left.isEmpty()) {
        throw new AssertionError(test + " left behind: " + left);
      }
    }
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> OURS.matcher(thread.getName()).matches())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<String> things() {
    Set<String> things = new HashSet<>();
    Postgres.open().forEach(name -> things.add("PostgreSQL database " + name));
    MariaDb.open().forEach(name -> things.add("MariaDB database " + name));
    for (Path folder : TemporaryFolder.all()) {
      things.add("folder " + folder);
    }
    return things;
  }
}

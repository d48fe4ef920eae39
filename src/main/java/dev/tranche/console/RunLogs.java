package dev.tranche.console;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.tranche.LogKeys;
import dev.tranche.NotFoundException;
import dev.tranche.definition.Secrets;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A log for each execution, and one for each of its partitions, in files of their own, without
 * secrets. What a user's beans log while they work for a partition is in it.
 *
 * <p>Logback calls {@link #append} one at a time.
 */
final class RunLogs extends AppenderBase<ILoggingEvent> {

  static final long LARGEST = 10_000_000;

  private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{0}: %m%n";
  private static final int OPEN = 64;

  // -- given --
  private final Path folder;
  private final Secrets secrets;
  private final PatternLayout layout = new PatternLayout();

  // -- so far --
  private final Map<Path, OutputStream> open = new LinkedHashMap<>(OPEN, 0.75f, true);
  private final Map<Path, Long> sizes = new HashMap<>();

  /** @param folder is made when there is something to keep in it */
  RunLogs(Path folder, Secrets secrets) {
    this.folder = folder;
    this.secrets = secrets;
  }

  /** Begins to listen to everything that is logged. */
  void attach() {
    LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
    setContext(logback);
    setName("tranche-run-logs");
    layout.setContext(logback);
    layout.setPattern(PATTERN);
    layout.start();
    start();
    logback.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(this);
  }

  /** The opposite of {@link #attach}. */
  void detach() {
    LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
    logback.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(this);
    stop();
  }

  @Override
  protected void append(ILoggingEvent event) {
    String execution = event.getMDCPropertyMap().get(LogKeys.EXECUTION);
    if (execution == null || !execution.matches("\\d+")) {
      return;
    }
    byte[] line = secrets.mask(layout.doLayout(event)).getBytes(StandardCharsets.UTF_8);
    long id = Long.parseLong(execution);
    keep(ofExecution(id), line);
    String step = event.getMDCPropertyMap().get(LogKeys.STEP);
    String partition = event.getMDCPropertyMap().get(LogKeys.PARTITION);
    if (step != null && partition != null) {
      keep(ofPartition(id, step, partition), line);
    }
  }

  private void keep(Path file, byte[] line) {
    try {
      long size = sizes.getOrDefault(file, 0L);
      if (size > LARGEST) {
        return;
      }
      OutputStream stream = stream(file);
      stream.write(line);
      if (size + line.length > LARGEST) {
        stream.write("This log is full; later lines are left out.\n".getBytes(StandardCharsets.UTF_8));
      }
      stream.flush();
      sizes.put(file, size + line.length);
    } catch (IOException full) {
      addError("cannot write " + file, full); // logback's own; a log line here would come back
    }
  }

  private OutputStream stream(Path file) throws IOException {
    OutputStream known = open.get(file);
    if (known != null) {
      return known;
    }
    if (open.size() >= OPEN) {
      Path oldest = open.keySet().iterator().next();
      close(open.remove(oldest));
      sizes.remove(oldest);
    }
    Files.createDirectories(file.getParent());
    OutputStream stream =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    open.put(file, stream);
    sizes.put(file, Files.size(file));
    return stream;
  }

  private static void close(@Nullable OutputStream stream) {
    try {
      if (stream != null) {
        stream.close();
      }
    } catch (IOException lost) {
      // Each line was flushed.
    }
  }

  @Override
  public void stop() {
    super.stop();
    synchronized (this) {
      open.values().forEach(RunLogs::close);
      open.clear();
      sizes.clear();
    }
  }

  /** Whose logs are here. */
  SortedSet<Long> executions() {
    SortedSet<Long> executions = new TreeSet<>();
    String[] names = folder.toFile().list((parent, name) -> name.matches("\\d{1,18}"));
    for (String name : names == null ? new String[0] : names) {
      executions.add(Long.valueOf(name));
    }
    return executions;
  }

  /** Removes the logs of an execution that has ended. */
  synchronized void remove(long execution) {
    Path gone = ofExecution(execution).getParent();
    open.entrySet().removeIf(
        it -> {
          if (it.getKey().startsWith(gone)) {
            close(it.getValue());
            sizes.remove(it.getKey());
            return true;
          }
          return false;
        });
    try {
      FileSystemUtils.deleteRecursively(gone);
    } catch (IOException later) {
      addWarn("cannot remove " + gone, later);
    }
  }

  /** @throws NotFoundException if there is none here */
  Path find(long execution) {
    return existing(ofExecution(execution), "execution " + execution);
  }

  /** @throws NotFoundException if there is none here */
  Path find(long execution, String step, String partition) {
    return existing(
        ofPartition(execution, step, partition),
        step + "/" + partition + " of execution " + execution);
  }

  private Path existing(Path file, String what) {
    Path inside = file.normalize();
    if (!inside.startsWith(folder.normalize()) || !Files.isRegularFile(inside)) {
      throw new NotFoundException(
          "there is no log of " + what + " here: it is kept where it ran, if it began");
    }
    return inside;
  }

  private Path ofExecution(long execution) {
    return folder.resolve(Long.toString(execution)).resolve("execution.log");
  }

  private Path ofPartition(long execution, String step, String partition) {
    return folder
        .resolve(Long.toString(execution))
        .resolve("step-" + name(step))
        .resolve(name(partition) + ".log");
  }

  /** No name of a step leads out of the folder. */
  private static String name(String any) {
    return URLEncoder.encode(any, StandardCharsets.UTF_8).replace(".", "%2E");
  }
}

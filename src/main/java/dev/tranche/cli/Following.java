package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.UntoldException;
import dev.tranche.json.Views;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Follows an execution at a service to its end, by the events it sends.
 *
 * <p>A connection that breaks is made anew, also while the service is started again. One thread
 * follows; any may say {@link #leave}.
 */
final class Following {

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int TRIES = 120;

  // -- given --
  private final Endpoint service;

  // -- so far --
  private final CountDownLatch left = new CountDownLatch(1);
  private volatile @Nullable InputStream open;
  private final Set<String> begun = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Set<String> told = new HashSet<>();

  Following(Endpoint service) {
    this.service = service;
  }

  /** @throws UntoldException if somebody left, or the service was away for too long */
  ExecutionView toTheEnd(ExecutionView execution, RunObserver observer) {
    long id = execution.execution();
    observer.started(id, execution.job());
    for (int tries = 0; tries < TRIES && left.getCount() > 0; tries++) {
      ExecutionView end = listen(id, observer);
      if (end != null) {
        return end;
      }
      pause();
    }
    throw new UntoldException(
        left.getCount() == 0
            ? "Execution " + id + " goes on at the service. End it with: stop " + id
            : "The service does not answer any more, and execution " + id
                + " may go on there. See how far it is with: show " + id);
  }

  /** Null if the connection broke before the end. */
  private @Nullable ExecutionView listen(long id, RunObserver observer) {
    try (InputStream stream = service.stream("/executions/" + id + "/events")) {
      open = stream;
      if (left.getCount() == 0) {
        return null;
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event:")) {
          event = line.substring("event:".length()).strip();
        } else if (line.startsWith("data:")) {
          JsonNode data = Views.read(line.substring("data:".length()));
          if (event.equals("ended")) {
            return Views.execution(data);
          }
          tell(event, data, observer);
        }
      }
      return null;
    } catch (IOException broken) {
      return null;
    } catch (RemoteException away) {
      return null;
    } finally {
      open = null;
    }
  }

  private void tell(String event, JsonNode data, RunObserver observer) {
    if (event.equals("step")) {
      tellStep(data, observer);
    } else if (event.equals("notice") && told.add(data.toString())) {
      observer.notice(
          data.path("step").asString(),
          data.path("partition").asString(),
          data.path("message").asString());
    }
  }

  private void tellStep(JsonNode step, RunObserver observer) {
    String name = step.path("name").asString();
    String status = step.path("status").asString();
    int partitions = step.path("partitions").asInt();
    int complete = step.path("complete").asInt();
    boolean runs = status.equals("STARTED");
    if (!status.equals("STARTING") && begun.add(name)) {
      observer.stepStarted(name, partitions, 0, -1);
    }
    if (runs) {
      double share = partitions == 0 ? -1 : complete / (double) partitions;
      observer.progress(name, Views.tally(step.path("tally")), complete, share);
    } else if (!status.startsWith("ST") || status.equals("STOPPED")) {
      if (ended.add(name)) {
        observer.stepEnded(Views.step(step));
      }
    }
  }

  private void pause() {
    try {
      left.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupt) {
      leave();
    }
  }

  /** Follows no longer. */
  void leave() {
    left.countDown();
    InputStream stream = open;
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException closed) {
        // As it should be.
      }
    }
  }
}

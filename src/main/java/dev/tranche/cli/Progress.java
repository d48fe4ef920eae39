package dev.tranche.cli;

import dev.tranche.RunObserver;
import dev.tranche.StepView;
import dev.tranche.TallyView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a run is: on a terminal a bar in place, else a line every few seconds.
 *
 * <p>Belongs to one run; called by one thread at a time.
 */
final class Progress implements RunObserver {

  static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
  private static final int BAR = 20;

  private final Terminal terminal;
  private final InstantSource clock;

  // Of the step that runs.
  private int partitions;
  private Instant lastLine = Instant.EPOCH;
  private @Nullable Reading first;

  Progress(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public void started(long execution, String job) {
    print(job + ": execution " + execution);
  }

  @Override
  public void stepStarted(String step, int partitions, int lanes, long estimate) {
    this.partitions = partitions;
    lastLine = clock.instant();
    first = null;
    String on = lanes == 0 ? "" : " on " + Words.count(lanes, "lane");
    print(step + ": " + Words.count(partitions, "partition") + on);
  }

  @Override
  public void progress(String step, TallyView tally, int partitionsDone, double done) {
    Reading now = new Reading(clock.instant(), tally.read(), done);
    if (first == null) {
      first = now;
    }
    if (terminal.status() != null) {
      terminal.showStatus(step + ": " + bar(done) + figures(first, now, partitionsDone));
    } else if (!now.at.isBefore(lastLine.plus(BETWEEN_LINES))) {
      lastLine = now.at;
      print(step + ": " + figures(first, now, partitionsDone));
    }
  }

  @Override
  public void notice(String step, String partition, String message) {
    String name = step + "/" + partition;
    print(message.startsWith(name) ? message : name + ": " + message);
  }

  @Override
  public void stepEnded(StepView step) {
    terminal.clearStatus();
    if (terminal.status() == null) {
      print(step.name() + ": " + step.status());
    }
  }

  private String figures(Reading first, Reading now, int partitionsDone) {
    StringBuilder text = new StringBuilder();
    if (now.done >= 0) {
      text.append((int) (now.done * 100)).append(" %, ");
    }
    text.append(Words.count(now.rows, "row"));
    text.append(", ")
        .append(partitionsDone)
        .append(" of ")
        .append(partitions)
        .append(" partitions");
    Duration elapsed = Duration.between(first.at, now.at);
    if (elapsed.toMillis() > 0) {
      long rate = Words.perSecond(now.rows - first.rows, elapsed);
      text.append(", ").append(Words.number(rate)).append(" rows/s");
    }
    if (now.done > first.done && first.done >= 0) {
      double left = elapsed.toMillis() * (1 - now.done) / (now.done - first.done);
      text.append(", ").append(Words.duration(Duration.ofMillis((long) left))).append(" left");
    }
    return text.toString();
  }

  private static String bar(double done) {
    if (done < 0) {
      return "";
    }
    int full = (int) (Math.min(done, 1) * BAR);
    return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] ";
  }

  private void print(String line) {
    terminal.err().println(line);
    terminal.err().flush();
  }

  /** @param done share of the step's estimate, negative if unknown */
  private record Reading(Instant at, long rows, double done) {}
}

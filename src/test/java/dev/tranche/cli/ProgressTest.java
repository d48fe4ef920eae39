package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.StepView;
import dev.tranche.TallyView;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final String ERASE = "\r\u001b[2K";

  private Instant now = Instant.EPOCH;

  @Test
  void printsALineEveryFewSecondsWhereThereIsNoTerminal() {
    StringWriter err = new StringWriter();
    Progress progress = new Progress(
        new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false, null),
        () -> now);

    progress.started(7, "load-earthquakes");
    progress.stepStarted("load", 8, 4, 4000);
    for (int second = 1; second <= 11; second++) {
      now = Instant.ofEpochSecond(second);
      progress.progress("load", new TallyView(1000L * second, 0, 0, 0), second / 2, second / 20.0);
    }
    progress.notice("load", "p3", "waits for the database");
    progress.stepEnded(ended());

    assertThat(err).hasToString("""
            load-earthquakes: execution 7
            load: 8 partitions on 4 lanes
            load: 25 %, 5,000 rows, 2 of 8 partitions, 1,000 rows/s, 15 s left
            load: 50 %, 10,000 rows, 5 of 8 partitions, 1,000 rows/s, 10 s left
            load/p3: waits for the database
            load: COMPLETED
            """);
  }

  @Test
  void drawsABarInPlaceOnATerminalAndWritesAboveIt() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    StatusLine status = new StatusLine(screen, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(new PrintStream(status, true), true);
    Progress progress = new Progress(new Terminal(err, err, false, status), () -> now);

    progress.stepStarted("load", 2, 1, 4000);
    progress.progress("load", new TallyView(0, 0, 0, 0), 0, 0);
    now = Instant.ofEpochSecond(2);
    progress.progress("load", new TallyView(3000, 3000, 0, 0), 1, 0.25);
    progress.notice("load", "p2", "waits for the database");
    progress.progress("load", new TallyView(3000, 3000, 0, 0), 1, 0.25);
    progress.stepEnded(ended());

    String bar =
        "load: [#####---------------] 25 %, 3,000 rows, 1 of 2 partitions, 1,500 rows/s, 6.0 s left";
    assertThat(screen)
        .hasToString("load: 2 partitions on 1 lane\n"
            + ERASE
            + "load: [--------------------] 0 %, 0 rows, 0 of 2 partitions"
            + (ERASE + bar)
            + (ERASE + "load/p2: waits for the database\n")
            + (ERASE + bar)
            + ERASE);
  }

  @Test
  void saysNothingOfShareAndTimeLeftWhereTheyAreUnknown() {
    StringWriter err = new StringWriter();
    Progress progress = new Progress(
        new Terminal(new PrintWriter(err), new PrintWriter(err), false, null), () -> now);

    progress.stepStarted("load", 1, 1, -1);
    progress.progress("load", new TallyView(10, 0, 0, 0), 0, -1);
    now = now.plusSeconds(5);
    progress.progress("load", new TallyView(20, 0, 0, 0), 0, -1);

    assertThat(err.toString()).endsWith("\nload: 20 rows, 0 of 1 partitions, 2 rows/s\n");
  }

  @Test
  void countsTheRateOfARestartFromWhereItBegan() {
    StringWriter err = new StringWriter();
    Progress progress = new Progress(
        new Terminal(new PrintWriter(err), new PrintWriter(err), false, null), () -> now);

    progress.stepStarted("load", 2, 1, 100);
    progress.progress("load", new TallyView(50_000, 0, 0, 0), 1, 0.5);
    now = now.plusSeconds(10);
    progress.progress("load", new TallyView(51_000, 0, 0, 0), 1, 0.6);

    assertThat(err.toString()).endsWith(" 1 of 2 partitions, 100 rows/s, 40 s left\n");
  }

  private static StepView ended() {
    TallyView tally = new TallyView(0, 0, 0, 0);
    return new StepView("load", "COMPLETED", tally, tally, Duration.ofSeconds(1), null, List.of());
  }
}

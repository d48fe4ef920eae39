package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.TallyView;
import dev.tranche.Tranche;
import dev.tranche.definition.Problem;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A process with one run, which ends STOPPED once it was asked to as often as the argument says. */
final class RunUntilStopped {

  private RunUntilStopped() {}

  public static void main(String[] args) {
    Terminal terminal = Terminal.ofProcess();
    Session session = new Session(
        "tranche",
        terminal,
        new OnlyDoor(door(Integer.parseInt(args[0]))),
        new Signals(terminal),
        InstantSource.system());
    System.exit(TrancheCommand.commandLine(session).execute("run", "endless"));
  }

  private static Tranche door(int times) {
    CountDownLatch stops = new CountDownLatch(times);
    return new FakeTranche() {
      @Override
      public ExecutionView run(
          String job, Map<String, String> parameters, boolean anew, RunObserver observer) {
        System.out.println("printed by others");
        observer.started(7, job);
        try {
          stops.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        TallyView tally = new TallyView(0, 0, 0, 0);
        return new ExecutionView(
            7, job, "STOPPED", parameters, null, null, tally, tally, List.of(), List.of());
      }

      @Override
      public void stopAll() {
        stops.countDown();
      }
    };
  }

  private record OnlyDoor(Tranche tranche) implements Doorway {
    @Override
    public Tranche open(boolean verbose) {
      return tranche;
    }

    @Override
    public Service serve(boolean verbose) {
      throw new AssertionError("no service");
    }

    @Override
    public List<Problem> lint(List<Path> files) {
      return List.of();
    }

    @Override
    public String schema() {
      return "";
    }
  }
}

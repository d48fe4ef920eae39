package dev.tranche.batch;

import dev.tranche.RunObserver;
import dev.tranche.StepView;
import dev.tranche.TallyView;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** Passes on to an observer one call at a time, and keeps its failures from the run. */
final class SerialObserver implements RunObserver {

  private static final Log log = LogFactory.getLog(SerialObserver.class);

  private final RunObserver observer;

  SerialObserver(RunObserver observer) {
    this.observer = observer;
  }

  @Override
  public void started(long execution, String job) {
    tell(() -> observer.started(execution, job));
  }

  @Override
  public void stepStarted(String step, int partitions, int lanes, long estimate) {
    tell(() -> observer.stepStarted(step, partitions, lanes, estimate));
  }

  @Override
  public void progress(String step, TallyView tally, int partitionsDone, double done) {
    tell(() -> observer.progress(step, tally, partitionsDone, done));
  }

  @Override
  public void notice(String step, String partition, String message) {
    tell(() -> observer.notice(step, partition, message));
  }

  @Override
  public void stepEnded(StepView step) {
    tell(() -> observer.stepEnded(step));
  }

  private synchronized void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException failure) {
      log.warn("The observer of a run failed; the run goes on", failure);
    }
  }
}

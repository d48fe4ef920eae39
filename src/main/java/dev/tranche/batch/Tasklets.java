package dev.tranche.batch;

import dev.tranche.plan.TaskletStepPlan;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.StoppableTasklet;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.core.step.tasklet.TaskletStep;

/** Spring Batch's own tasklet step around a bean, which is looked up in the step's scope. */
final class Tasklets {

  private Tasklets() {}

  static AbstractStep step(Engine engine, LocalRun run, TaskletStepPlan plan, JobRepository guarded) {
    String bean = plan.definition().tasklet();
    TaskletStep step = new TaskletStep(guarded);
    step.setName(plan.name());
    step.setTransactionManager(engine.transactionManager());
    step.setObservationRegistry(engine.observations());
    step.setTasklet(
        (contribution, context) ->
            engine.beans().getBean(bean, Tasklet.class).execute(contribution, context));
    step.registerStepExecutionListener(new Stopper(engine, run, bean));
    return step;
  }

  /** Hands a stop on to the tasklet, and to the step, which then ends after the current call. */
  private record Stopper(Engine engine, LocalRun run, String bean)
      implements StepExecutionListener {

    @Override
    public void beforeStep(StepExecution execution) {
      Tasklet tasklet = engine.beans().getBean(bean, Tasklet.class);
      run.onStop(
          () -> {
            execution.setTerminateOnly();
            if (tasklet instanceof StoppableTasklet stoppable) {
              stoppable.stop(execution);
            }
          });
      run.observer().stepStarted(execution.getStepName(), 0, 1, 0);
    }
  }
}

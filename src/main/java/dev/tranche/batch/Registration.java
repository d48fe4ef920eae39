package dev.tranche.batch;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.batch.core.configuration.DuplicateJobException;
import org.springframework.batch.core.configuration.JobRegistry;
import org.springframework.batch.core.job.Job;

/**
 * Puts the jobs into Spring Batch's registry, so that its own operator can restart and stop them.
 *
 * <p>They are no beans: an application that adds Tranche starts as it did before.
 */
record Registration(JobRegistry registry, JobSource jobs, Conductor conductor) {

  private static final Log log = LogFactory.getLog(Registration.class);

  /** Registers what is not there yet; a job of the application's own keeps its name. */
  void register() {
    for (String name : jobs.files().byName().keySet()) {
      Job known = registry.getJob(name);
      if (known == null) {
        register(name);
      } else if (!(known instanceof TrancheJob)) {
        log.warn(
            "The application has a job '" + name + "' of its own; the job file of that name is not"
                + " registered");
      }
    }
  }

  private void register(String name) {
    try {
      registry.register(new TrancheJob(name, conductor, null));
    } catch (DuplicateJobException meanwhile) {
      log.debug("Job " + name + " was registered meanwhile", meanwhile);
    }
  }
}

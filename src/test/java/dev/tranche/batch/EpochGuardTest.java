package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.tranche.store.Executions;
import dev.tranche.store.Runs;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.PlatformTransactionManager;

class EpochGuardTest {

  @Test
  void readsAgainWhatWasCutOff() {
    JobRepository repository = mock(JobRepository.class);
    when(repository.getJobNames())
        .thenThrow(
            new CannotGetJdbcConnectionException(
                "away", new SQLTransientConnectionException("away")))
        .thenReturn(List.of("load"));
    Patience patience = new Patience(Duration.ofMinutes(1), System::nanoTime);
    LocalRun run =
        new LocalRun(
            new Runs.Run(1, 1, "process", 1, true, false, 0, 0), "load", Launch.plain(), patience);

    JobRepository guarded =
        EpochGuard.around(
            repository,
            mock(DataSource.class),
            mock(PlatformTransactionManager.class),
            mock(Runs.class),
            mock(Executions.class),
            run,
            patience);

    assertThat(guarded.getJobNames()).containsExactly("load");
  }
}

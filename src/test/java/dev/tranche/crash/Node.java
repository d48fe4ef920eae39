package dev.tranche.crash;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Map;
import java.util.Set;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A process that does what it is told on standard input, a command a line: {@code run JOB ROUND},
 * {@code ours EXECUTION} and {@code stock EXECUTION}, the last two to restart by our door or by
 * Spring Batch's operator. It answers with a line that begins with {@code =}.
 */
@EnableAutoConfiguration
class Node {

  public static void main(String[] arguments) throws Exception {
    try (ConfigurableApplicationContext context =
            new SpringApplicationBuilder(Node.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .run();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in))) {
      System.out.println("= ready");
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        System.out.println("= " + answer(context, line.split(" ")));
      }
    }
  }

  private static String answer(ConfigurableApplicationContext context, String[] command) {
    Tranche tranche = context.getBean(Tranche.class);
    try {
      return switch (command[0]) {
        case "run" ->
            text(tranche.run(command[1], Map.of("round", command[2]), false, RunObserver.NONE));
        case "ours" ->
            text(tranche.restart(Long.parseLong(command[1]), Set.of(), RunObserver.NONE));
        case "stock" -> stock(context, Long.parseLong(command[1]));
        default -> throw new IllegalArgumentException(command[0]);
      };
    } catch (Exception refused) {
      return "REFUSED " + refused.getClass().getSimpleName() + ": "
          + String.valueOf(refused.getMessage()).replaceAll("\\R", " ");
    }
  }

  private static String text(ExecutionView execution) {
    return execution.status() + " " + execution.execution();
  }

  private static String stock(ConfigurableApplicationContext context, long id) throws Exception {
    JobExecution execution = context.getBean(JobRepository.class).getJobExecution(id);
    JobExecution restarted = context.getBean(JobOperator.class).restart(execution);
    return restarted.getStatus()
        + " "
        + restarted.getId()
        + " "
        + restarted.getExitStatus().getExitDescription().replaceAll("\\R", " ");
  }
}

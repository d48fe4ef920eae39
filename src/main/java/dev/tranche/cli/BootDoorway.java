package dev.tranche.cli;

import dev.tranche.Tranche;
import dev.tranche.definition.JobSchema;
import dev.tranche.definition.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** The door of a Boot application, which is started at the first use and closed with this. */
final class BootDoorway implements Doorway, AutoCloseable {

  private final Terminal terminal;
  private @Nullable ConfigurableApplicationContext context;

  BootDoorway(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Tranche open(boolean verbose) {
    if (context == null) {
      context = start(TrancheApplication.create(verbose));
    }
    return context.getBean(Tranche.class);
  }

  @Override
  public Service serve(boolean verbose) {
    ConfigurableApplicationContext started = start(TrancheApplication.service(verbose));
    context = started;
    return new BootService(started);
  }

  @Override
  public List<Problem> lint(List<Path> files) {
    return Workspace.here().lint(files);
  }

  @Override
  public String schema() {
    return JobSchema.text();
  }

  /** Waits until nobody needs the database that this process hosts, and closes the application. */
  @Override
  public void close() {
    if (context != null) {
      String url = context.getEnvironment().getProperty("spring.datasource.url", "");
      if (url.startsWith("jdbc:h2:file:")) {
        context
            .getBeanProvider(DataSource.class)
            .ifUnique(database -> new HostedDatabase(database).awaitGuests(terminal));
      }
      context.close();
    }
  }

  private static ConfigurableApplicationContext start(SpringApplication application) {
    AtomicReference<@Nullable Environment> environment = new AtomicReference<>();
    application.addListeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>)
        event -> environment.set(event.getEnvironment()));
    try {
      return application.run();
    } catch (RuntimeException e) {
      throw StartFailure.explain(e, environment.get());
    }
  }
}

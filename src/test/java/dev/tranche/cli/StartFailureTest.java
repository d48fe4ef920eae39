package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class StartFailureTest {

  @Test
  void namesTheDatabaseThatIsDownAndWhatToDo() {
    Throwable failure = new IllegalStateException(
        "bean 'dataSource' and so on",
        new SQLException("pool", new SQLException("Connection refused.\nmore")));

    assertThat(StartFailure.explain(failure, environment())).hasMessage("""
            Cannot use the database jdbc:postgresql://db/x?password=*** as user 'ada': Connection refused.
            Start it, or name another: spring.datasource.url in config/application.yml, or \
            -Dspring.datasource.url=... before -jar.""").hasCause(failure);
  }

  @Test
  void tellsTheRootCauseOfAnythingElse() {
    Throwable failure = new IllegalStateException("outer", new IllegalArgumentException("inner"));

    assertThat(StartFailure.explain(failure, environment()))
        .hasMessage("Tranche could not start: java.lang.IllegalArgumentException: inner");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://h/d?user=a&password=geheim&ssl=true,"
        + " jdbc:postgresql://h/d?user=a&password=***&ssl=true",
    "jdbc:h2:file:./x;PASSWORD=geheim;USER=sa, jdbc:h2:file:./x;PASSWORD=***;USER=sa",
    "jdbc:mariadb://ada:geheim@h/d, jdbc:mariadb://ada:***@h/d",
    "jdbc:postgresql://h:5432/d, jdbc:postgresql://h:5432/d",
    "jdbc:h2:file:./var/tranche, jdbc:h2:file:./var/tranche"
  })
  void keepsPasswordsOutOfMessages(String url, String shown) {
    assertThat(StartFailure.masked(url)).isEqualTo(shown);
  }

  private static StandardEnvironment environment() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource(
            "test",
            Map.of(
                "spring.datasource.url", "jdbc:postgresql://db/x?password=geheim",
                "spring.datasource.username", "ada")));
    return environment;
  }
}

package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class SecretsTest {

  private static Secrets of(String password) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("test", Map.of("tranche.users.anna.password", password)));
    return Secrets.of(environment);
  }

  @Test
  void masksASecretWhereverItStands() {
    assertThat(of("open sesame").mask("with open sesame, twice open sesame"))
        .isEqualTo("with ***, twice ***");
  }

  @Test
  void masksWhatJsonMakesOfIt() {
    Secrets secrets = of("a\"b\\c/d\ne");

    assertThat(secrets.mask("{\"message\":\"is a\\\"b\\\\c/d\\ne.\"}"))
        .isEqualTo("{\"message\":\"is ***.\"}");
    assertThat(secrets.mask("{\"message\":\"is a\\\"b\\\\c\\/d\\ne.\"}"))
        .as("where slashes are escaped")
        .isEqualTo("{\"message\":\"is ***.\"}");
  }

  @Test
  void masksPasswordsOfAddresses() {
    assertThat(of("none").mask("jdbc:postgresql://host/db?user=x&password=hush at http://u:hush@h/"))
        .isEqualTo("jdbc:postgresql://host/db?user=x&password=*** at http://u:***@h/");
  }

  @Test
  void leavesAloneWhatIsTooShortToBeTold() {
    assertThat(of("abc").mask("abcdef")).isEqualTo("abcdef");
  }
}

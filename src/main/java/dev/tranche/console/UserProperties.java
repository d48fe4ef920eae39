package dev.tranche.console;

import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the service.
 *
 * @param users by name; without any there is {@code admin}, with a password that is made up
 */
@ConfigurationProperties("tranche")
record UserProperties(@DefaultValue Map<String, User> users) {

  /**
   * A user.
   *
   * @param password as {@code {bcrypt}…}, or as it is typed
   * @param expires the last day on which the password is good; null: there is none
   */
  record User(
      String password, @DefaultValue("viewer") Role role, @Nullable LocalDate expires) {}
}

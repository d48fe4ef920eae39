package dev.tranche.console;

import dev.tranche.Accounts;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * The users of the settings; without any, {@code admin} with a password that is made up at the first
 * start of all, printed once, and kept as a hash in the job repository's database.
 */
final class Users implements UserDetailsService {

  static final String ADMIN = "admin";

  private static final String LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  private static final int LENGTH = 24;

  private final Map<String, UserProperties.User> users;
  private final InstantSource clock;

  Users(Map<String, UserProperties.User> users, InstantSource clock) {
    this.users = Map.copyOf(users);
    this.clock = clock;
  }

  /** @param print gets the password, if it is new */
  static Users generated(
      Accounts accounts, PasswordEncoder encoder, InstantSource clock, Consumer<String> print) {
    StringBuilder password = new StringBuilder();
    new SecureRandom()
        .ints(LENGTH, 0, LETTERS.length())
        .forEach(index -> password.append(LETTERS.charAt(index)));
    String hash = encoder.encode(password);
    String kept = accounts.keep(ADMIN, hash);
    if (kept.equals(hash)) {
      print.accept(password.toString());
    }
    return new Users(Map.of(ADMIN, new UserProperties.User(kept, Role.ADMIN, null)), clock);
  }

  @Override
  public UserDetails loadUserByUsername(String name) {
    UserProperties.User user = users.get(name);
    if (user == null) {
      throw new UsernameNotFoundException("there is no such user");
    }
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
    return User.withUsername(name)
        .password(user.password().startsWith("{") ? user.password() : "{noop}" + user.password())
        .roles(user.role().name())
        .credentialsExpired(user.expires() != null && today.isAfter(user.expires()))
        .build();
  }
}

package dev.tranche.console;

import java.time.Duration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Looks at no more passwords for a while after many wrong ones, by HTTP Basic and by form alike.
 *
 * <p>Sessions that are open go on. Safe for all threads: those that are looked at already when the last
 * wrong one is counted are answered.
 */
final class ThrottledLogIn implements AuthenticationManager {

  private final AuthenticationManager manager;
  private final WrongPasswords passwords;
  private final Journal journal;

  /** @param manager who looks at passwords, whoever that is in the application */
  ThrottledLogIn(AuthenticationManager manager, WrongPasswords passwords, Journal journal) {
    this.manager = manager;
    this.passwords = passwords;
    this.journal = journal;
  }

  @Override
  public Authentication authenticate(Authentication login) throws AuthenticationException {
    String name = login.getName();
    String address =
        login.getDetails() instanceof WebAuthenticationDetails details
            ? String.valueOf(details.getRemoteAddress())
            : "";
    Duration pause = passwords.pause(name, address);
    if (!pause.isZero()) {
      throw new TooManyAttemptsException(pause);
    }
    try {
      Authentication user = manager.authenticate(login);
      passwords.right(name, address);
      return user;
    } catch (BadCredentialsException wrong) {
      if (passwords.wrong(name, address)) {
        journal.noteLockOut(name, address, passwords.pause(name, address));
      }
      throw wrong;
    }
  }
}

package dev.tranche.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WrongPasswordsTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private Instant now = Instant.parse("2026-11-25T12:00:00Z");
  private final WrongPasswords passwords = passwords(3, 5);

  private WrongPasswords passwords(int attempts, int addressAttempts) {
    return new WrongPasswords(
        new LogInProperties(attempts, addressAttempts, MINUTE), () -> now);
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  @Test
  void aNameWaitsAfterSoManyFromAnyAddresses() {
    assertThat(passwords.wrong("anna", "10.0.0.1")).isFalse();
    assertThat(passwords.wrong("anna", "10.0.0.2")).isFalse();
    assertThat(passwords.pause("anna", "10.0.0.3")).isZero();
    assertThat(passwords.wrong("anna", "10.0.0.3")).isTrue();
    assertThat(passwords.pause("anna", "10.0.0.4")).isEqualTo(MINUTE);
    assertThat(passwords.pause("otto", "10.0.0.3")).isZero();
  }

  @Test
  void anAddressWaitsAfterSoManyForAnyNames() {
    for (int i = 1; i < 5; i++) {
      assertThat(passwords.wrong("name" + i, "10.0.0.1")).isFalse();
    }
    assertThat(passwords.wrong("name5", "10.0.0.1")).isTrue();
    assertThat(passwords.pause("anna", "10.0.0.1")).isEqualTo(MINUTE);
    assertThat(passwords.pause("anna", "10.0.0.2")).isZero();
  }

  @Test
  void aWaitEndsWhateverIsTriedMeanwhile() {
    lockOut("10.0.0.1");
    pass(59);
    assertThat(passwords.wrong("anna", "10.0.0.2")).isFalse();
    assertThat(passwords.pause("anna", "10.0.0.2")).isEqualTo(Duration.ofSeconds(1));
    pass(1);
    assertThat(passwords.pause("anna", "10.0.0.2")).isZero();
    assertThat(passwords.wrong("anna", "10.0.0.2")).as("counted anew").isFalse();
  }

  @Test
  void aClockThatIsSetBackProlongsNothing() {
    lockOut("10.0.0.1");
    pass(-86_400);
    assertThat(passwords.pause("anna", "10.0.0.1")).isZero();
  }

  @Test
  void aCountIsForgottenAfterAWhileAndByTheRightPassword() {
    passwords.wrong("anna", "10.0.0.1");
    passwords.wrong("anna", "10.0.0.1");
    pass(60);
    assertThat(passwords.wrong("anna", "10.0.0.2")).isFalse();
    assertThat(passwords.wrong("anna", "10.0.0.2")).isFalse();
    passwords.right("anna", "10.0.0.2");
    assertThat(passwords.wrong("anna", "10.0.0.2")).isFalse();
  }

  @Test
  void nobodyElsewhereLocksOutThoseOnThisMachine() {
    lockOut("10.0.0.1");
    assertThat(passwords.pause("anna", "127.0.0.1")).isZero();
    assertThat(passwords.pause("anna", "0:0:0:0:0:0:0:1")).isZero();
    assertThat(passwords.pause("anna", "localhost")).as("no address").isEqualTo(MINUTE);
  }

  @Test
  void aRightPasswordDoesNotClearItsAddress() {
    for (int i = 1; i <= 5; i++) {
      passwords.right("mallory", "10.0.0.1");
      passwords.wrong("name" + i, "10.0.0.1");
    }
    assertThat(passwords.pause("anna", "10.0.0.1")).isEqualTo(MINUTE);
  }

  @Test
  void remembersOnlySoMuch() {
    WrongPasswords many = passwords(3, 0);
    for (int i = 0; i < WrongPasswords.REMEMBERED + 100; i++) {
      many.wrong("x".repeat(300) + i, "10.0.0.1");
      many.wrong("name" + i, "10.0.0.1");
    }
    assertThat(many.size()).isEqualTo(WrongPasswords.REMEMBERED);
    assertThat(many.pause("x".repeat(400), "10.0.0.1")).as("names that begin alike").isEqualTo(MINUTE);
  }

  @Test
  void zeroMeansNever() {
    WrongPasswords none = passwords(0, 0);
    for (int i = 0; i < 1000; i++) {
      assertThat(none.wrong("anna", "10.0.0.1")).isFalse();
    }
    assertThat(none.pause("anna", "10.0.0.1")).isZero();
    assertThat(none.size()).isZero();
  }

  private void lockOut(String address) {
    for (int i = 0; i < 3; i++) {
      passwords.wrong("anna", address);
    }
    assertThat(passwords.pause("anna", address)).isEqualTo(MINUTE);
  }
}

package dev.tranche.console;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong passwords by user name and by address, and says how long either has to wait.
 *
 * <p>A wait is never prolonged by what is tried meanwhile, nor by a clock that is set back. Names tried
 * from this machine are counted apart: nobody elsewhere locks out those who sit here. Of all that is
 * counted, the latest is kept, so that memory is bounded. Safe for all threads.
 */
final class WrongPasswords {

  /** Names and addresses that are remembered. */
  static final int REMEMBERED = 10_000;

  /** Of a name; nobody makes this remember megabytes. */
  static final int LONGEST_NAME = 200;

  private final LogInProperties rule;
  private final InstantSource clock;
  private final Map<Key, Count> counts = new LinkedHashMap<>();

  WrongPasswords(LogInProperties rule, InstantSource clock) {
    this.rule = rule;
    this.clock = clock;
  }

  private enum Kind {
    NAME_HERE,
    NAME_ELSEWHERE,
    ADDRESS
  }

  private record Key(Kind kind, String text) {}

  private record Count(int wrong, Instant last, boolean waits) {}

  /** How long nothing is looked at that comes with this name, or from this address; zero: not at all. */
  synchronized Duration pause(String name, String address) {
    Duration ofName = pause(name(name, address));
    Duration ofAddress = pause(new Key(Kind.ADDRESS, address));
    return ofName.compareTo(ofAddress) > 0 ? ofName : ofAddress;
  }

  private Duration pause(Key key) {
    Count count = counts.get(key);
    return count != null && count.waits() ? left(count) : Duration.ZERO;
  }

  /** How much is left of the time in which a count holds. */
  private Duration left(Count count) {
    Duration since = Duration.between(count.last(), clock.instant());
    boolean over = since.isNegative() || since.compareTo(rule.pause()) >= 0;
    return over ? Duration.ZERO : rule.pause().minus(since);
  }

  /** @return whether the name or the address has to wait from now on */
  synchronized boolean wrong(String name, String address) {
    boolean nameWaits = add(name(name, address), rule.attempts());
    boolean addressWaits = add(new Key(Kind.ADDRESS, address), rule.addressAttempts());
    return nameWaits || addressWaits;
  }

  /** @return whether it begins to wait by this one */
  private boolean add(Key key, int limit) {
    Count known = counts.get(key);
    Count held = known == null || left(known).isZero() ? null : known;
    if (limit == 0 || (held != null && held.waits())) {
      return false;
    }
    int wrong = held == null ? 1 : held.wrong() + 1;
    counts.remove(key);
    counts.put(key, new Count(wrong, clock.instant(), wrong >= limit));
    Iterator<Key> oldest = counts.keySet().iterator();
    if (counts.size() > REMEMBERED) {
      oldest.next();
      oldest.remove();
    }
    return wrong >= limit;
  }

  /** The user got in; their address may still be one from which many are tried. */
  synchronized void right(String name, String address) {
    counts.remove(name(name, address));
  }

  synchronized int size() {
    return counts.size();
  }

  private static Key name(String name, String address) {
    String kept = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    return new Key(isHere(address) ? Kind.NAME_HERE : Kind.NAME_ELSEWHERE, kept);
  }

  /** @param address in digits, as the container has it: nothing is looked up */
  private static boolean isHere(String address) {
    boolean digits = address.indexOf(':') >= 0 || address.matches("[0-9.]+");
    try {
      return digits && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException none) {
      return false;
    }
  }
}

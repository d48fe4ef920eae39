package dev.tranche.console;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Does not compute a slow hash for each request of a client that sends its password with each.
 *
 * <p>A password that matched is remembered as a keyed digest; the key is this object's own. One that
 * is wrong costs the slow hash every time. Safe for all threads.
 */
final class RememberedPasswords implements PasswordEncoder {

  private final PasswordEncoder slow;
  private final SecretKeySpec key;
  private final Map<String, byte[]> matched = new ConcurrentHashMap<>();

  RememberedPasswords(PasswordEncoder slow) {
    this.slow = slow;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, "HmacSHA256");
  }

  @Override
  public @Nullable String encode(@Nullable CharSequence password) {
    return slow.encode(password);
  }

  @Override
  public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
    if (password == null || hash == null) {
      return false;
    }
    byte[] digest = digest(password);
    byte[] known = matched.get(hash);
    if (known != null && MessageDigest.isEqual(known, digest)) {
      return true;
    }
    boolean matches = slow.matches(password, hash);
    if (matches) {
      matched.put(hash, digest);
    }
    return matches;
  }

  private byte[] digest(CharSequence password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(password.toString().getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}

package dev.tranche.definition;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What must not be seen in logs, JSON and error texts: the values of settings and environment
 * variables whose names say so, and passwords in URLs.
 *
 * <p>Immutable; safe for all threads.
 */
public final class Secrets {

  /** What stands in a secret's place. */
  public static final String MASK = "***";

  private static final Pattern NAME =
      Pattern.compile(
          "(?i).*(password|passwd|pwd|secret|token|credential|private[-_.]?key|api[-_.]?key).*");
  private static final Pattern IN_QUERY =
      Pattern.compile("(?i)((?:password|passwd|pwd|secret|token)=)[^&;\\s\"']+");
  private static final Pattern IN_AUTHORITY = Pattern.compile("(://[^/@:\\s]*:)[^/@\\s]+@");

  /** Shorter values are found in too many words that are no secrets. */
  private static final int SHORTEST = 4;

  private final List<String> values;

  private Secrets(Set<String> values) {
    this.values =
        values.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** The secrets among the settings and variables of an application. */
  public static Secrets of(ConfigurableEnvironment environment) {
    Set<String> values = new LinkedHashSet<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> listed) {
        for (String name : listed.getPropertyNames()) {
          String value = isSecret(name) ? environment.getProperty(name) : null;
          if (value != null && value.length() >= SHORTEST) {
            values.add(value);
            values.add(inJson(value));
            values.add(inJson(value).replace("/", "\\/"));
          }
        }
      }
    }
    return new Secrets(values);
  }

  /** As it looks in JSON; some writers escape slashes, too. */
  private static String inJson(String value) {
    String quoted = JsonMapper.shared().writeValueAsString(value);
    return quoted.substring(1, quoted.length() - 1);
  }

  /** Whether something of that name is a secret. */
  public static boolean isSecret(String name) {
    return NAME.matcher(name).matches();
  }

  /** {@code text} with {@link #MASK} for every secret in it. */
  public String mask(String text) {
    String masked = text;
    for (String value : values) {
      masked = masked.replace(value, MASK);
    }
    masked = IN_QUERY.matcher(masked).replaceAll("$1" + MASK);
    return IN_AUTHORITY.matcher(masked).replaceAll("$1" + MASK + "@");
  }
}

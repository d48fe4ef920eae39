package dev.tranche.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the verbs that messages advise into commands that can be typed here.
 *
 * <p>Behind the door nobody knows how verbs are typed, so a message ends in {@code with: restart 7}
 * and each front end puts its own words before the verb.
 */
final class Hints {

  private static final Pattern HINT =
      Pattern.compile("\\bwith: ((?:run|restart|stop|recover|abandon|show|executions)\\b)");

  private Hints() {}

  /** @param command what users type before a verb */
  static String typable(String message, String command) {
    return HINT.matcher(message)
        .replaceAll("with:\n  " + Matcher.quoteReplacement(command) + " $1");
  }
}

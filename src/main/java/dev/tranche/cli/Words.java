package dev.tranche.cli;

import dev.tranche.RejectGroupView;
import dev.tranche.RejectView;
import dev.tranche.TallyView;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Numbers, times and tallies as people read them. */
final class Words {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private static final int LONGEST = 80;

  private Words() {}

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 partition}, {@code 8 partitions}. */
  static String count(long number, String noun) {
    return number(number) + " " + noun + (number == 1 ? "" : "s");
  }

  static String time(@Nullable LocalDateTime time) {
    return time == null ? "" : TIME.format(time);
  }

  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }

  /** Whole items per second; 0 if there was no time to tell. */
  static long perSecond(long items, Duration duration) {
    return duration.toMillis() == 0 ? 0 : items * 1000 / duration.toMillis();
  }

  /** Short enough for a column of a table; the whole is in show and in the JSON. */
  static String shortened(@Nullable String text) {
    if (text == null) {
      return "";
    }
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
  }

  static String parameters(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
        .collect(Collectors.joining(" "));
  }

  /** How many items are not accounted for; 0 if the tally adds up, negative if there are too many. */
  static long missing(TallyView tally) {
    return tally.read() - tally.written() - tally.filtered() - tally.rejected();
  }

  /** Where a rejected item came from: {@code orders.csv:12, column amount}. */
  static String place(RejectView reject) {
    String line = reject.line() > 0 ? ":" + reject.line() : ", item " + (reject.ordinal() + 1);
    return reject.source() + line + (reject.column() == null ? "" : ", column " + reject.column());
  }

  /** A kind of error: how many items, what it says of the first, and where the first ones are. */
  static List<String> lines(RejectGroupView group) {
    List<String> lines = new ArrayList<>();
    String taken =
        group.taken() == 0 ? "" : " (" + number(group.taken()) + " of them run again)";
    lines.add(
        count(group.count(), "reject") + " in " + group.step() + taken + ", such as: "
            + group.samples().get(0).message());
    group.samples().forEach(sample -> lines.add("  " + place(sample)));
    return lines;
  }
}

package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a bean was given by calls that no transaction takes back: at least once. A fault may repeat
 * one chunk of each partition that was at work.
 */
record CallsTarget(Path log, Setting setting) implements Target {

  static CallsTarget in(Path home, Setting setting) {
    return new CallsTarget(home.resolve(LoadBeans.CALLS), setting);
  }

  @Override
  public void prepare(Installation installation) throws IOException {
    installation.beans(LoadBeans.class, LoadBeans.Calls.class);
  }

  /** Each key's row once. A key that stands for two rows is no key. */
  @Override
  public List<String> rows() throws IOException {
    Map<String, String> byKey = new HashMap<>();
    for (String call : calls()) {
      String row = call.substring(call.indexOf('\t') + 1).replace("\\n", "\n");
      String known = byKey.putIfAbsent(key(call), row);
      assertThat(known == null ? row : known).as("the row of key %s", key(call)).isEqualTo(row);
    }
    return List.copyOf(byKey.values());
  }

  @Override
  public void assertNothingTwice(int faults) throws IOException {
    Map<String, Integer> times = new HashMap<>();
    Map<String, Integer> repeated = new HashMap<>();
    for (String call : calls()) {
      if (times.merge(key(call), 1, Integer::sum) > 1) {
        repeated.merge(partition(call), 1, Integer::sum);
      }
    }
    assertThat(repeated.values())
        .as("items of one partition that the bean was given again, after %s faults", faults)
        .allMatch(items -> items <= faults * setting.largest());
    assertThat(repeated.values().stream().mapToInt(Integer::intValue).sum())
        .as("items that the bean was given again, after %s faults", faults)
        .isLessThanOrEqualTo(faults * setting.lanes() * setting.largest());
  }

  private List<String> calls() throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  private static String key(String call) {
    return call.substring(0, call.indexOf('\t'));
  }

  private static String partition(String call) {
    return call.substring(0, call.lastIndexOf('/', call.indexOf('\t')));
  }
}

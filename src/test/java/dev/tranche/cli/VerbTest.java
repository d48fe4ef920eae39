package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerbTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run load-earthquakes | run load-earthquakes {}",
        "run load-earthquakes region=a b=x=y | run load-earthquakes {region=a, b=x=y}",
        "run load-earthquakes b= --new | run load-earthquakes {b=} anew",
        "restart 2 | restart 2 []",
        "restart 2 --only load/p3,load/p7 | restart 2 [load/p3, load/p7]",
        "restart 2 --only load/p3 --only load/p7 --plan | plan 2 [load/p3, load/p7]",
        "restart 2 --with old | restart 2 [] with OLD",
        "restart 2 --plan --with new | plan 2 [] with NEW",
        "stop 2 | stop 2",
        "abandon 2 | abandon 2",
        "executions | executions null 20",
        "executions load-earthquakes --limit 3 | executions load-earthquakes 3",
        "rejects 2 | rejects 2 0 100",
        "rejects 2 --limit 10 --offset 20 | rejects 2 20 10",
        "rejects 2 --groups | rejectGroups 2",
        "rejects 2 --redrive | redrive 2",
        "purge | purge null null",
        "purge load-earthquakes --status failed --days 3 --dry-run | purge load-earthquakes"
            + " PurgeRule[byStatus={FAILED=Keep[days=3, last=10]}, openRejects=false] dry",
        "purge --status failed --open-rejects | purge null"
            + " PurgeRule[byStatus={FAILED=Keep[days=90, last=10]}, openRejects=true]",
        "explain load-earthquakes region=a | explain load-earthquakes {region=a}",
      })
  void asksTheDoorForWhatTheUserTyped(String line, String asked) {
    FakeTranche tranche = new FakeTranche();

    CommandLineFixture.before(tranche).type(line.split(" "));

    assertThat(tranche.asked).containsExactly(asked);
  }

  @ParameterizedTest
  @CsvSource({"run load-earthquakes --json", "restart 2 --json"})
  void keepsStandardOutputFreeOfAnythingButTheJson(String line) {
    CommandLineFixture user = CommandLineFixture.before(new FakeTranche());

    user.type(line.split(" "));

    assertThat(user.out.toString()).startsWith("{\n  \"version\" : 1,").endsWith("}\n");
    assertThat(user.err.toString()).startsWith("load-earthquakes: execution ");
  }
}

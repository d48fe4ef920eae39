package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;

class DefinitionsTest {

  @EveryDatabase
  void keepsEveryVersionOnce(TestDatabase databases) throws Exception {
    Definitions definitions = new Definitions(databases.repository());
    String long1 = "name: é\n".repeat(200_000);
    String version = definitions.store("load", long1);
    assertThat(definitions.store("load", long1)).isEqualTo(version);
    assertThat(definitions.store("load", "name: b")).isNotEqualTo(version);
    assertThat(definitions.find(version)).contains(long1);
    assertThat(definitions.find("unknown")).isEmpty();
    assertThat(AtOnce.find(8, thread -> definitions.store("load", "name: c")).stream()
            .distinct())
        .hasSize(1);
  }
}

package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JobSchemaTest {

  private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12)
      .getSchema(JobSchema.text());

  static Iterable<Examples> valid() {
    return Examples.valid();
  }

  static Stream<Examples> invalid() {
    return Examples.invalid().stream().filter(JobSchemaTest::isYaml);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valid")
  void acceptsEveryValidExample(Examples example) {
    assertThat(errors(example.text())).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void refusesTheInvalidExamplesButThoseThatSayItCannotSee(Examples example) {
    assertThat(errors(example.text()).isEmpty()).isEqualTo(example.hidesFromTheSchema());
  }

  @Test
  void acceptsTheJobThatComesWithTheProject() throws Exception {
    assertThat(errors(Files.readString(Path.of("jobs/load-earthquakes.yml")))).isEmpty();
  }

  @Test
  void isTheOneThatIsPublished() {
    assertThat(Path.of("src/docs/job.schema.json")).content().isEqualTo(JobSchema.text());
  }

  /** An editor needs no schema to refuse what is not YAML. */
  private static boolean isYaml(Examples example) {
    Findings findings = new Findings(example.name());
    Tree tree = Yaml.read(example.text(), findings);
    return tree != null && findings.problems().isEmpty();
  }

  private static List<Error> errors(String yaml) {
    LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    Object document = new Load(settings).loadFromString(yaml);
    return SCHEMA.validate(JsonMapper.shared().<JsonNode>valueToTree(document));
  }
}

package dev.tranche.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule is checked on the product, and then on a class that breaks it. */
class LayeringTest {

  private static final JavaClasses PRODUCT = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.tranche");

  private static final ArchRule LAYERS = classes()
      .should(new Layers())
      .because("a reader must be able to start at any layer and look only downwards");

  private static final ArchRule BATCH_CORE = noClasses()
      .that()
      .resideOutsideOfPackages("dev.tranche.batch..", "dev.tranche.autoconfigure..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("org.springframework.batch.core..")
      .because("the loop and its state must be testable, and readable, without Spring Batch");

  private static final ArchRule FRONT_ENDS = noClasses()
      .that()
      .resideInAnyPackage("dev.tranche.schedule..", "dev.tranche.cli..", "dev.tranche.console..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
          "dev.tranche.partition..",
          "dev.tranche.store..",
          "dev.tranche.chunk..",
          "dev.tranche.reader..",
          "dev.tranche.process..",
          "dev.tranche.writer..",
          "dev.tranche.plan..",
          "dev.tranche.batch..")
      .because("what one front end can do, all can: they share the door, dev.tranche.Tranche");

  private static final ArchRule NAMES = noClasses()
      .should()
      .haveNameMatching(".*(Utils?|Helper|Manager|Impl)")
      .because("such a name says nothing about what the class is");

  @TempDir
  Path directory;

  @Test
  void importsPointOnlyDownwards() throws IOException {
    LAYERS.check(PRODUCT);
    refuses(
        LAYERS,
        "package dev.tranche.row;\nclass Planted { dev.tranche.Tranche door; }",
        "row.Planted.door");
  }

  @Test
  void neighboursOfOneLayerDoNotKnowEachOther() throws IOException {
    refuses(
        LAYERS,
        "package dev.tranche.reader;\nclass Planted { dev.tranche.writer.Other x; }",
        "reader.Planted.x",
        "package dev.tranche.writer;\npublic class Other {}");
  }

  @Test
  void onlyBatchKnowsSpringBatchCore() throws IOException {
    BATCH_CORE.check(PRODUCT);
    refuses(
        BATCH_CORE,
        "package dev.tranche.chunk;\nclass Planted { org.springframework.batch.core.job.Job x; }",
        "chunk.Planted.x");
  }

  @Test
  void frontEndsKnockOnTheDoor() throws IOException {
    FRONT_ENDS.check(PRODUCT);
    refuses(
        FRONT_ENDS,
        "package dev.tranche.cli;\nclass Planted { dev.tranche.store.Tally x; }",
        "cli.Planted.x");
  }

  @Test
  void namesSayWhatATypeIs() throws IOException {
    NAMES.check(PRODUCT);
    refuses(NAMES, "package dev.tranche.row;\nclass RowManager {}", "RowManager");
  }

  @Test
  void mostTypesAreHidden() {
    long all = PRODUCT.stream().filter(type -> type.isTopLevelClass()).count();
    long open = PRODUCT.stream()
        .filter(type -> type.isTopLevelClass())
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .count();
    assertThat(open * 100 / all)
        .as("percentage of public types (%s of %s): what is public cannot change", open, all)
        .isLessThanOrEqualTo(60);
  }

  private void refuses(ArchRule rule, String planted, String named, String... others)
      throws IOException {
    String[] sources = new String[others.length + 1];
    sources[0] = planted;
    System.arraycopy(others, 0, sources, 1, others.length);
    JavaClasses faulty = Compiled.into(directory, sources);
    assertThatThrownBy(() -> rule.check(faulty))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(named);
  }
}

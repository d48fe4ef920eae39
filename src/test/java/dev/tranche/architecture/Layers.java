package dev.tranche.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;

/**
 * The layers of Tranche, lowest first. A package imports only from layers below its own, so there
 * are no cycles; packages of one layer do not know each other.
 */
final class Layers extends ArchCondition<JavaClass> {

  private static final String BASE = "dev.tranche";
  private static final String DOOR = "";
  private static final List<Set<String>> LOWEST_FIRST = List.of(
      Set.of("row"),
      Set.of("definition"),
      Set.of("partition"),
      Set.of("store"),
      Set.of("chunk"),
      Set.of("reader", "process", "writer"),
      Set.of("plan"),
      Set.of(DOOR),
      Set.of("batch", "json"),
      Set.of("schedule", "cli", "console"),
      Set.of("autoconfigure"));

  Layers() {
    super("import only from layers below");
  }

  @Override
  public void check(JavaClass from, ConditionEvents events) {
    for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
      JavaClass to = dependency.getTargetClass().getBaseComponentType();
      if (to.getName().startsWith(BASE + ".") && !mayImport(name(from), name(to))) {
        events.add(SimpleConditionEvent.violated(from, dependency.getDescription()));
      }
    }
  }

  private static boolean mayImport(String from, String to) {
    return from.equals(to) || layer(to) < layer(from);
  }

  private static int layer(String name) {
    for (int i = 0; i < LOWEST_FIRST.size(); i++) {
      if (LOWEST_FIRST.get(i).contains(name)) {
        return i;
      }
    }
    throw new IllegalStateException("package " + name + " has no layer yet: give it one in Layers");
  }

  /** The first word after {@code dev.tranche}; empty for the door itself. */
  private static String name(JavaClass type) {
    String rest = type.getPackageName().substring(BASE.length());
    return rest.isEmpty() ? DOOR : rest.substring(1).split("\\.", 2)[0];
  }
}

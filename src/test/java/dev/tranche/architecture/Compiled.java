package dev.tranche.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.tools.ToolProvider;

/** Classes that break a rule on purpose, compiled as the test runs so that they are nowhere else. */
final class Compiled {

  private Compiled() {}

  /** @param sources each a whole file; {@code Planted} and the types it needs */
  static JavaClasses into(Path directory, String... sources) throws IOException {
    List<String> arguments = new ArrayList<>(
        List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path")));
    for (int i = 0; i < sources.length; i++) {
      Path folder = Files.createDirectories(directory.resolve("source" + i));
      Path file = folder.resolve(typeName(sources[i]) + ".java");
      arguments.add(Files.writeString(file, sources[i]).toString());
    }
    var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "needs a JDK");
    int status = compiler.run(null, null, null, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalArgumentException("a planted fault does not compile");
    }
    return new ClassFileImporter().importPath(directory);
  }

  private static String typeName(String source) {
    return source.replaceFirst("(?s).*class (\\w+).*", "$1");
  }
}

package dev.tranche.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The endpoints there are, and those that documents tell of. */
final class Endpoints {

  private static final Pattern ROW =
      Pattern.compile("\\| `((?:GET|POST) [^`]+)` \\|(.*)\\|");

  private Endpoints() {}

  /** Rows of a document's tables: the request, and what is in the other columns. */
  static List<MatchResult> rows(String document) throws IOException {
    return ROW.matcher(Files.readString(Path.of("src/docs", document))).results().toList();
  }

  static Set<String> documented(String document) throws IOException {
    Set<String> requests = new TreeSet<>();
    rows(document).forEach(row -> requests.add(row.group(1)));
    return requests;
  }

  static Set<String> of(Service service) {
    Set<String> requests = new TreeSet<>();
    service
        .context()
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach(
            (mapping, method) -> {
              if (isOurs(method)) {
                mapping
                    .getMethodsCondition()
                    .getMethods()
                    .forEach(
                        verb ->
                            mapping
                                .getPatternValues()
                                .forEach(path -> requests.add(verb + " " + path)));
              }
            });
    return requests;
  }

  private static boolean isOurs(HandlerMethod method) {
    return method.getBeanType().getPackageName().startsWith("dev.tranche");
  }
}

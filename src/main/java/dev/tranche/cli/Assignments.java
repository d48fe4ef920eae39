package dev.tranche.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Job parameters as users type them: {@code name=value}. */
final class Assignments {

  private Assignments() {}

  static Map<String, String> parse(CommandSpec spec, List<String> assignments) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw wrong(spec, "'" + assignment + "' is not a parameter. Write name=value.");
      }
      String name = assignment.substring(0, equals);
      if (parameters.put(name, assignment.substring(equals + 1)) != null) {
        throw wrong(spec, "Parameter '" + name + "' is given twice.");
      }
    }
    return parameters;
  }

  private static ParameterException wrong(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

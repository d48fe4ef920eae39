package dev.tranche.cli;

import dev.tranche.Tranche;
import dev.tranche.definition.Problem;
import java.nio.file.Path;
import java.util.List;

/** The way to the door: opens it when a verb needs it, for that takes a database and a second. */
interface Doorway {

  /**
   * @param verbose whether log lines and stack traces are wanted
   * @throws StartException if there is no database, or a setting is wrong
   */
  Tranche open(boolean verbose);

  /**
   * Starts a service.
   *
   * @param verbose whether log lines and stack traces of everything are wanted
   * @throws StartException if there is no database, or a setting is wrong
   */
  Service serve(boolean verbose);

  /** Problems of {@code files}, or of all job files if there are none given; without a database. */
  List<Problem> lint(List<Path> files);

  /** The JSON Schema of the language; without a database. */
  String schema();
}

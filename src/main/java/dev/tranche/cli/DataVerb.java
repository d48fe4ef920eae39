package dev.tranche.cli;

import picocli.CommandLine.Option;

/** A verb that prints data, for people or as JSON. */
abstract class DataVerb extends Verb {

  @Option(names = "--json", description = "Print JSON on standard output.")
  boolean json;

  DataVerb(Session session) {
    super(session);
  }
}

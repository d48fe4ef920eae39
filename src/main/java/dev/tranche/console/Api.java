package dev.tranche.console;

/** Where the REST interface is. */
final class Api {

  static final String ROOT = "/api/v1";
  static final String EXECUTIONS = ROOT + "/executions";

  private Api() {}
}

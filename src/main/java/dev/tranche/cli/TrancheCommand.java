package dev.tranche.cli;

/** The command line {@code tranche}. */
public final class TrancheCommand {

  private TrancheCommand() {}

  public static void main(String[] args) {
    System.err.println("tranche: the command line is on its way");
    System.exit(1);
  }
}

package dev.tranche;

/** The passwords that services made up, since nobody was configured. Safe for all threads. */
public interface Accounts {

  /**
   * Keeps the hash of a new password, unless the user has one: then that is the one that counts. Of
   * several services that start at once, one makes the password.
   *
   * @return the hash that counts
   */
  String keep(String user, String hash);
}

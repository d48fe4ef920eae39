package dev.tranche.store;

/**
 * The table TRANCHE_ACCOUNT: hashes of the passwords that services made up.
 *
 * <p>Every method is a transaction of its own. Safe for all threads.
 */
public final class GeneratedPasswords {

  private final Database repository;

  public GeneratedPasswords(Database repository) {
    this.repository = repository;
  }

  /** Stores a hash unless the user has one; returns the one that is stored then. */
  public String keep(String user, String hash) {
    Sql insert = new Sql(
        "insert into TRANCHE_ACCOUNT (USER_NAME, PASSWORD_HASH) values (?, ?)", user, hash);
    Sql find = new Sql("select PASSWORD_HASH from TRANCHE_ACCOUNT where USER_NAME = ?", user);
    repository.transact(
        "keep the password of '" + user + "'",
        (connection, platform) -> insert.insert(connection, platform));
    return repository.transact(
        "read the password of '" + user + "'",
        (connection, platform) ->
            find.first(connection, row -> row.getString(1)).orElseThrow());
  }
}

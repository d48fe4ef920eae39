package dev.tranche.cli;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A process that holds a connection to the database named by its argument until its input ends. */
final class HoldConnection {

  private HoldConnection() {}

  public static void main(String[] args) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection(args[0], "sa", "")) {
      System.out.println("connected: " + !connection.isClosed());
      while (System.in.read() >= 0) {
        // What is written does not matter.
      }
    }
  }
}

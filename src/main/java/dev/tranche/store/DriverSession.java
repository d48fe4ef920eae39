package dev.tranche.store;

import java.lang.reflect.InvocationTargetException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;

/** The number of a session, as the driver knows it. No driver need be there. */
final class DriverSession {

  private DriverSession() {}

  /**
   * Asks {@code method} of the driver's own {@code type}; empty for connections of another driver.
   */
  static OptionalLong number(Connection connection, String type, String method)
      throws SQLException {
    try {
      Class<?> driver = Class.forName(type);
      if (!connection.isWrapperFor(driver)) {
        return OptionalLong.empty();
      }
      Object number = driver.getMethod(method).invoke(connection.unwrap(driver));
      return OptionalLong.of(((Number) number).longValue());
    } catch (InvocationTargetException error) {
      throw new SQLException(error.getCause());
    } catch (ReflectiveOperationException anotherDriver) {
      return OptionalLong.empty();
    }
  }
}

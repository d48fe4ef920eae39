package dev.tranche.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition on the number of a partition: any, or one of some. */
record Numbers(@Nullable List<Integer> some) {

  /** Well below what any driver allows in a statement. */
  private static final int PORTION = 1000;

  /** @param numbers null: any */
  static Numbers of(@Nullable Collection<Integer> numbers) {
    return new Numbers(numbers == null ? null : List.copyOf(numbers));
  }

  /** The same, for one statement after the other. */
  static List<Numbers> inPortions(@Nullable Collection<Integer> numbers) {
    if (numbers == null) {
      return List.of(of(null));
    }
    List<Integer> all = List.copyOf(numbers);
    List<Numbers> portions = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PORTION) {
      portions.add(of(all.subList(from, Math.min(all.size(), from + PORTION))));
    }
    return portions;
  }

  /** To be put at the end of a where clause. */
  String condition() {
    if (some == null) {
      return "";
    }
    return some.isEmpty()
        ? " and 1 = 0"
        : " and PARTITION_NUMBER in (?" + ", ?".repeat(some.size() - 1) + ")";
  }

  /** Sets the parameters of the condition; returns the index after them. */
  int set(PreparedStatement statement, int from) throws SQLException {
    int index = from;
    if (some != null) {
      for (int number : some) {
        statement.setInt(index++, number);
      }
    }
    return index;
  }
}

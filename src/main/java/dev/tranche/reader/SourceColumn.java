package dev.tranche.reader;

import java.util.Locale;

/**
 * A column of a table or query that is read.
 *
 * @param name exactly as the database knows it
 * @param label its name in rows
 * @param type what it holds
 * @param declared its type as the database calls it, for messages
 * @param nullable whether there may be no value in it
 */
record SourceColumn(
    String name, String label, FieldType type, String declared, boolean nullable) {

  /** Under another name in rows. */
  SourceColumn as(String other) {
    return new SourceColumn(name, other, type, declared, nullable);
  }

  /** For messages: {@code 'id' (bigint)}. */
  String describe() {
    return "'" + name + "' (" + declared.toLowerCase(Locale.ROOT) + ")";
  }
}

package dev.tranche.batch;

import dev.tranche.ExecutionView;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.Locale;

/** Tables that do not take the rows: what is said, and that a restart completes. */
class BadRowsTest {

  private static final String PLACE = "load/p2 failed at item 50 (in/b.csv, line 51): ";

  @EveryDatabase
  void refusesATableThatIsMissing(TestDatabase databases) throws Exception {
    try (databases;
        World world = Orders.in(databases, "map")) {
      world.sql().sql("alter table orders rename to moved").update();

      ExecutionView failed =
          Orders.fallsOver(
              world,
              "step 'load': there is no table 'orders'. The tables are "
                  + named(databases, "moved")
                  + ". To have it created, set create: true.");

      world.sql().sql("alter table moved rename to orders").update();
      Orders.completes(world, failed);
    }
  }

  @EveryDatabase
  void refusesATableThatLacksAColumn(TestDatabase databases) throws Exception {
    try (databases;
        World world = Orders.in(databases, "map")) {
      world.sql().sql("alter table orders drop column amount").update();
      world.sql().sql("alter table orders add column amounts bigint").update();

      ExecutionView failed =
          Orders.fallsOver(
              world,
              "step 'load': table '"
                  + named(databases, "orders")
                  + "' has no column 'amount'. Did you mean '"
                  + named(databases, "amounts")
                  + "'? Else add it to the table, or leave it out with drop: [amount].");

      world.sql().sql("alter table orders add column amount bigint").update();
      Orders.completes(world, failed);
    }
  }

  @EveryDatabase
  void failsAtAValueThatIsTooLong(TestDatabase databases) throws Exception {
    fails(
        databases,
        "150,order no. 0000150,150",
        "column 'name' has 17 characters; the table takes 12 at most: 'order no. 0000150' ("
            + said(
                databases,
                "Value too long for column \"NAME CHARACTER VARYING(12)\":"
                    + " \"'order no. 0000150' (17)\"",
                "ERROR: value too long for type character varying(12)",
                "Data too long for column 'name' at row 1")
            + ")");
  }

  @EveryDatabase
  void failsAtANumberThatIsTooLarge(TestDatabase databases) throws Exception {
    fails(
        databases,
        "150,order 150,40000",
        "column 'amount' is 40000; the table takes -32768 to 32767"
            + said(
                databases,
                " (Numeric value out of range: \"40000\" in column \"AMOUNT\")",
                "",
                " (Out of range value for column 'amount' at row 1)"));
  }

  @EveryDatabase
  void failsAtAValueThatIsMissing(TestDatabase databases) throws Exception {
    fails(
        databases,
        "150,,150",
        "column 'name' has no value; the table needs one ("
            + said(
                databases,
                "NULL not allowed for column \"NAME\"",
                "ERROR: null value in column \"name\" of relation \"orders\" violates not-null"
                    + " constraint",
                "Column 'name' cannot be null")
            + ")");
  }

  @EveryDatabase
  void failsAtAKeyThatIsThereAlready(TestDatabase databases) throws Exception {
    try (databases;
        World world = Orders.in(databases, "futures")) {
      world.sql().sql("alter table orders add constraint orders_pk primary key (id)").update();
      world.file("in/b.csv", Orders.withLine(150, "140,order 140,140"));

      ExecutionView failed =
          Orders.fails(
              world,
              PLACE
                  + said(
                      databases,
                      "Unique index or primary key violation: \"PUBLIC.ORDERS_PK PRIMARY KEY ON"
                          + " PUBLIC.ORDERS(ID) ( /* key:140 */ CAST(140 AS BIGINT), 'order 140',"
                          + " CAST(140 AS SMALLINT))\"",
                      "ERROR: duplicate key value violates unique constraint \"orders_pk\" Detail:"
                          + " Key (id)=(140) already exists",
                      "Duplicate entry '140' for key 'PRIMARY'"));

      world.file("in/b.csv", Orders.csv(101, 200));
      Orders.completes(world, failed);
    }
  }

  private static void fails(TestDatabase databases, String line, String message) throws Exception {
    String mode = databases.kind() == TestDatabase.Kind.H2_FILE ? "map" : "futures";
    try (databases;
        World world = Orders.in(databases, mode)) {
      world.file("in/b.csv", Orders.withLine(150, line));

      ExecutionView failed = Orders.fails(world, PLACE + message);

      world.file("in/b.csv", Orders.csv(101, 200));
      Orders.completes(world, failed);
    }
  }

  private static String said(
      TestDatabase databases, String byH2, String byPostgres, String byMariaDb) {
    return switch (databases.kind()) {
      case POSTGRESQL -> byPostgres;
      case MARIADB -> byMariaDb;
      default -> byH2;
    };
  }

  private static String named(TestDatabase databases, String name) {
    return said(databases, name.toUpperCase(Locale.ROOT), name, name);
  }
}

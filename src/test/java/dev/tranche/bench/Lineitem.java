package dev.tranche.bench;

import io.trino.tpch.GenerateUtils;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** TPC-H {@code lineitem}: 16 typed columns, as a CSV file and as a table. */
final class Lineitem {

  static final String TABLE =
      """
      create table lineitem (
        l_orderkey bigint not null, l_partkey bigint not null, l_suppkey bigint not null,
        l_linenumber bigint not null, l_quantity numeric(15,2) not null,
        l_extendedprice numeric(15,2) not null, l_discount numeric(15,2) not null,
        l_tax numeric(15,2) not null, l_returnflag varchar(1) not null,
        l_linestatus varchar(1) not null, l_shipdate date not null, l_commitdate date not null,
        l_receiptdate date not null, l_shipinstruct varchar(25) not null,
        l_shipmode varchar(10) not null, l_comment varchar(44) not null,
        primary key (l_orderkey, l_linenumber))
      """;

  static final String[] COLUMNS = {
    "l_orderkey", "l_partkey", "l_suppkey", "l_linenumber", "l_quantity", "l_extendedprice",
    "l_discount", "l_tax", "l_returnflag", "l_linestatus", "l_shipdate", "l_commitdate",
    "l_receiptdate", "l_shipinstruct", "l_shipmode", "l_comment"
  };

  static final String[] TYPES = {
    "long", "long", "long", "long", "decimal", "decimal", "decimal", "decimal", "string", "string",
    "date", "date", "date", "string", "string", "string"
  };

  private Lineitem() {}

  /** Writes {@code rows} rows with a header; the same rows every time. */
  static void write(Path file, int rows) throws IOException {
    write(List.of(file), rows);
  }

  /** The same rows in several files of nearly one size. */
  static void write(List<Path> files, int rows) throws IOException {
    Iterator<LineItem> items = new LineItemGenerator(1 + rows / 6_000_000.0, 1, 1).iterator();
    int written = 0;
    for (int i = 0; i < files.size(); i++) {
      int end = (int) (rows * (i + 1L) / files.size());
      try (Writer out = Files.newBufferedWriter(files.get(i))) {
        out.write(String.join(",", COLUMNS) + "\n");
        for (; written < end; written++) {
          out.write(line(items.next()));
        }
      }
    }
  }

  private static String line(LineItem item) {
    return String.join(
            ",",
            Long.toString(item.getOrderKey()),
            Long.toString(item.getPartKey()),
            Long.toString(item.getSupplierKey()),
            Long.toString(item.getLineNumber()),
            Long.toString(item.getQuantity()),
            cents(item.getExtendedPriceInCents()),
            cents(item.getDiscountPercent()),
            cents(item.getTaxPercent()),
            item.getReturnFlag(),
            item.getStatus(),
            GenerateUtils.formatDate(item.getShipDate()),
            GenerateUtils.formatDate(item.getCommitDate()),
            GenerateUtils.formatDate(item.getReceiptDate()),
            item.getShipInstructions(),
            item.getShipMode(),
            '"' + item.getComment() + '"')
        + "\n";
  }

  private static String cents(long cents) {
    return BigDecimal.valueOf(cents, 2).toPlainString();
  }
}

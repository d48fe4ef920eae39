package dev.tranche.writer;

import dev.tranche.row.ColumnType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** H2's: a batch of one-row statements, which costs no round trips inside the same process. */
final class H2Sql implements TableSql {

  @Override
  public String typeFor(ColumnType type) {
    return switch (type) {
      case STRING -> "character varying";
      case LONG -> "bigint";
      case DECIMAL -> "decfloat";
      case DOUBLE -> "double precision";
      case BOOLEAN -> "boolean";
      case DATE -> "date";
      case TIME -> "time(9)";
      case TIMESTAMP -> "timestamp(9) with time zone";
      case UUID -> "uuid";
    };
  }

  @Override
  public String put(RowBinding binding) {
    String columns = " (" + String.join(", ", binding.quotedColumns()) + ")";
    String values = String.join(
        ", ", binding.columns().stream().map(bound -> parameter(bound.column())).toList());
    String into = binding.isUpsert() ? "merge into " : "insert into ";
    String key = binding.isUpsert() ? " key (" + String.join(", ", binding.quotedKey()) + ")" : "";
    return into + binding.table().quoted() + columns + key + " values (" + values + ")";
  }

  @Override
  public List<String> stage(StagingTable staging) {
    JdbcTable table = staging.table();
    List<String> statements = new ArrayList<>();
    statements.add(
        "create table if not exists %s as select %s from %s with no data"
            .formatted(
                table.quoted(),
                String.join(", ", staging.rows().quotedColumns()),
                staging.rows().table().quoted()));
    for (TableColumn column : table.columns()) {
      if (!column.nullable()) {
        statements.add(
            "alter table " + table.quoted() + " alter column " + table.quote(column.name())
                + " set not null");
      }
    }
    return statements;
  }

  @Override
  public String parameter(TableColumn column) {
    return column.type().equals("json") ? "? format json" : "?";
  }

  @Override
  public RowStatement prepare(Connection connection, RowBinding binding) throws SQLException {
    return new BatchStatement(connection, this, binding);
  }
}

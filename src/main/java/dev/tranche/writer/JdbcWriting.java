package dev.tranche.writer;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.OutageException;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.row.Columns;
import dev.tranche.store.Database;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Platform;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A step's {@code write: jdbc}: finds the table and how the rows go into it, once for all
 * partitions.
 *
 * <p>Safe for all threads after {@link #prepare}.
 */
public final class JdbcWriting {

  private static final String EXACTLY_ONCE =
      "exactly once: rows and checkpoint are committed in one transaction";
  private static final String REPLACED =
      "exactly once: rows and checkpoint are committed in one transaction, into a staging table;"
          + " when the step is complete, one transaction puts them in place of all rows that the"
          + " table had";
  private static final String LAST_WINS = EXACTLY_ONCE
      + ". Of rows with equal keys, the last one wins within a chunk; across chunks it is not"
      + " defined which one does";

  // -- given --
  private final WriteDefinition.Jdbc definition;
  private final Database database;
  private final @Nullable Columns columns;
  private final @Nullable Duration timeout;
  private final int chunk;
  private final int largest;

  // -- so far --
  private volatile @Nullable JdbcTable table;
  private volatile @Nullable TableSql sql;
  private final Map<Columns, RowBinding> bindings = new ConcurrentHashMap<>();

  /**
   * @param columns of the rows to write; null if a bean makes the rows, so that nobody knows yet
   * @param timeout how long the write of a chunk may take; null: as long as it takes
   */
  public JdbcWriting(
      WriteDefinition.Jdbc definition,
      Database database,
      @Nullable Columns columns,
      @Nullable Duration timeout) {
    this(definition, database, columns, timeout, 1, 1);
  }

  /**
   * @param chunk how many rows are written at once, as a rule; the form of the statements goes by it
   * @param largest how many they may become
   */
  public JdbcWriting(
      WriteDefinition.Jdbc definition,
      Database database,
      @Nullable Columns columns,
      @Nullable Duration timeout,
      int chunk,
      int largest) {
    this.definition = definition;
    this.database = database;
    this.columns = columns;
    this.timeout = timeout;
    this.chunk = chunk;
    this.largest = largest;
  }

  /**
   * Creates the table if it is missing and {@code create} is set, and makes sure that it can take
   * the rows. Any number of processes may do so at once.
   *
   * @throws UnfitTableException if the table is missing or cannot take the rows
   * @throws OutageException if the database is away
   */
  public void prepare() throws UnfitTableException, OutageException {
    table = onConnection(connection -> {
      requireReplaceable();
      JdbcTable found = find(connection);
      if (found == null) {
        found = creation(connection).run(this::find);
      }
      verify(found);
      requireKeysToAllow(connection, found);
      sql = TableSql.of(database.platform(), chunk, largest);
      return found;
    });
  }

  /** Why a step that was never begun cannot write so; null if nothing is in the way. */
  public @Nullable String obstacle() {
    try {
      return replaces() ? TableSql.of(database.platform()).obstacleToReplacing() : null;
    } catch (SQLException away) {
      return null; // it is waited for when the step begins
    }
  }

  private boolean replaces() {
    return definition.mode() == Mode.REPLACE;
  }

  private void requireReplaceable() throws UnfitTableException {
    String obstacle = obstacle();
    if (obstacle != null) {
      throw new UnfitTableException(List.of(obstacle));
    }
    if (replaces() && columns == null) {
      throw new UnfitTableException(
          List.of("mode: replace needs to know the columns, which a bean in process: decides. Let"
              + " select: follow the bean."));
    }
  }

  private void requireKeysToAllow(Connection connection, JdbcTable found)
      throws SQLException, UnfitTableException {
    if (!replaces()) {
      return;
    }
    Platform platform = database.platform();
    List<String> problems =
        new Catalog(connection, platform).keysAgainstReplacing(found).stream()
            .map(key -> "table '" + found.name() + "' is referred to by foreign key " + key + ": "
                + platform.product() + " would not let its rows go and come back in one"
                + " transaction. Use mode: upsert"
                + (platform == Platform.POSTGRESQL
                    ? ", or make it on delete no action"
                    : ""))
            .toList();
    if (!problems.isEmpty()) {
      throw new UnfitTableException(problems);
    }
  }

  /** What is written with, in SQL: the table's creation if it is missing, and the write. */
  public List<String> sql() throws UnfitTableException, OutageException {
    return onConnection(connection -> {
      requireReplaceable();
      List<String> statements = new ArrayList<>();
      JdbcTable found = find(connection);
      if (found == null) {
        TableCreation creation = creation(connection);
        statements.add(creation.sql());
        found = creation.table();
      }
      verify(found);
      requireKeysToAllow(connection, found);
      if (columns != null) {
        statements.addAll(writing(bind(found, columns)));
      }
      return statements;
    });
  }

  private List<String> writing(RowBinding binding) throws SQLException {
    TableSql sql = TableSql.of(database.platform(), chunk, largest);
    if (!replaces()) {
      return sql.statements(binding);
    }
    StagingTable staging = StagingTable.of(binding, "<layout>");
    List<String> statements = new ArrayList<>(staging.creation());
    statements.add(sql.write(staging.binding()));
    statements.addAll(staging.replacement());
    return statements;
  }

  /** Whether rows are best left as they stand in the input: known after {@link #prepare}. */
  public boolean takesText() {
    TableSql form = sql;
    JdbcTable into = table;
    return form != null && into != null && form.takesText(into, definition.mode());
  }

  /** What this step promises, in words. */
  public String guarantee() {
    return switch (definition.mode()) {
      case INSERT, DELETE -> EXACTLY_ONCE;
      case REPLACE -> REPLACED;
      case UPSERT, UPDATE -> LAST_WINS;
    };
  }

  /** A target for one attempt at {@code partition}; its items are rows. */
  public ChunkTarget<Object> target(PartitionKey partition) {
    Function<Columns, RowBinding> rows =
        replaces()
            ? columns -> StagingTable.of(binding(columns), partition.layout()).binding()
            : this::binding;
    RowSink sink = new RowSink(prepared(sql), rows, timeout);
    return new TransactionalTarget<>(database, partition, sink, timeout);
  }

  /** What puts the rows in place once they are all there; null if they are there at once. */
  public @Nullable Publication publication(String layout) {
    if (!replaces()) {
      return null;
    }
    RowBinding rows = binding(Objects.requireNonNull(columns, "prepare() refuses that"));
    return new TablePublication(database, StagingTable.of(rows, layout), layout);
  }

  /** Removes what layouts left beside the tables that they replaced, or were to. */
  public static void discard(Database database, Collection<String> layouts) throws SQLException {
    StagingTable.drop(database, layouts);
  }

  private static <T> T prepared(@Nullable T given) {
    if (given == null) {
      throw new IllegalStateException("prepare() was not called. This is a bug in tranche.");
    }
    return given;
  }

  private RowBinding binding(Columns rows) {
    RowBinding known = bindings.get(rows);
    if (known != null) {
      return known;
    }
    try {
      return bind(prepared(table), rows);
    } catch (UnfitTableException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private RowBinding bind(JdbcTable into, Columns rows) throws UnfitTableException {
    List<String> problems = new ArrayList<>();
    RowBinding binding = RowBinding.of(into, rows, definition, problems);
    if (!problems.isEmpty()) {
      throw new UnfitTableException(problems);
    }
    return binding;
  }

  private void verify(JdbcTable found) throws UnfitTableException {
    if (columns != null) {
      bindings.put(columns, bind(found, columns));
    }
  }

  /** The table, or null if it is missing and is to be created. */
  private @Nullable JdbcTable find(Connection connection) throws SQLException, UnfitTableException {
    List<String> problems = new ArrayList<>();
    JdbcTable found = new Catalog(connection, database.platform())
        .find(TableName.of(definition.table()), problems);
    if (found == null && !definition.create()) {
      throw new UnfitTableException(
          List.of(problems.get(0) + " To have it created, set create: true."));
    }
    return found;
  }

  private TableCreation creation(Connection connection) throws SQLException, UnfitTableException {
    if (columns == null) {
      throw new UnfitTableException(List.of("table '" + definition.table() + "' is missing, and"
          + " create: true needs to know the columns, which a bean in process: decides. Create it"
          + " yourself, or let select: follow the bean."));
    }
    return TableCreation.of(connection, database.platform(), definition, columns);
  }

  /** Work on a connection of its own. */
  @FunctionalInterface
  private interface Work<T> {
    T on(Connection connection) throws SQLException, UnfitTableException;
  }

  private <T> T onConnection(Work<T> work) throws UnfitTableException, OutageException {
    try (Connection connection = database.connect()) {
      return work.on(connection);
    } catch (SQLException error) {
      throw failure(error);
    }
  }

  private OutageException failure(SQLException error) {
    String message = "database '" + database.name() + "': " + error.getMessage();
    if (SqlErrors.isOutage(error) || SqlErrors.isTransient(error)) {
      return new OutageException(message, error);
    }
    throw new StoreException(message, error);
  }
}

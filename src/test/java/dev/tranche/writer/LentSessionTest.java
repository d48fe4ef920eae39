package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Partitions that a lane claimed together are committed on its own session, one after another. */
class LentSessionTest {

  private static final Columns COLUMNS = columns("a:long");

  @EveryDatabase
  void commitsPartitionAfterPartitionOnTheSessionThatClaimedThem(TestDatabase databases)
      throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      target(world).close(); // the table is there
      try (Connection session = world.database.connect()) {
        Claim claim =
            new Checkpoints(world.database.platform()).claim(session, world.partition, 0, false);
        session.commit();
        for (int n = 1; n <= 2; n++) {
          ChunkTarget<Object> target = target(world);
          target.takeUp(world.stored(), session);
          target.commit(world.commit(world.stored(), number(n)));
          target.close();
          assertThat(session.isClosed()).isFalse();
        }
        assertThat(world.stored().fence())
            .as("nothing was claimed again")
            .isEqualTo(claim.fence().next().next());
      }
      assertThat(world.count("numbers")).isEqualTo(2);
    }
  }

  @EveryDatabase
  void leavesNothingOpenOnASessionThatIsNotItsOwn(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world);
      try (Connection session = world.database.connect()) {
        new Checkpoints(world.database.platform()).claim(session, world.partition, 0, false);
        session.commit();
        target.takeUp(world.stored(), session);
        try (Statement open = session.createStatement()) {
          open.executeUpdate("update TRANCHE_CHECKPOINT set OWNER = 99");
        }
        target.close();
        session.commit();
      }
      assertThat(world.stored().fence().owner()).isEqualTo(1);
    }
  }

  private static Row number(long a) {
    return row(COLUMNS, a);
  }

  private static ChunkTarget<Object> target(TargetFixture world) throws Exception {
    Jdbc insert = new Jdbc("target", "numbers", Jdbc.Mode.INSERT, List.of("a"), true, Map.of());
    JdbcWriting writing = new JdbcWriting(insert, world.database, COLUMNS, null);
    writing.prepare();
    return world.opened(writing.target(world.partition));
  }
}

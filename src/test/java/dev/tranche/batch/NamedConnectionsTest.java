package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.NamedConnections;
import dev.tranche.RunObserver;
import dev.tranche.example.ArchiveOrders;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans of an application that work on a connection of {@code tranche.connections}. */
class NamedConnectionsTest {

  @EnableAutoConfiguration
  @Import(ArchiveOrders.class)
  static class Archive {}

  @EveryDatabase
  void letABeanWriteInTheTransactionOfTheCheckpoint(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).with(Archive.class)) {
      JdbcClient archive = JdbcClient.create(databases.empty("archive").dataSource());
      archive
          .sql("create table archived_order (id bigint not null, name varchar(10) not null)")
          .update();
      TestDatabase.Address address = databases.address("archive");
      world
          .set("tranche.connections.archive.url", address.url())
          .set("tranche.connections.archive.username", address.username())
          .set("tranche.connections.archive.password", address.password());
      world.file("in/orders.csv", orders("much too long"));
      world.job(
          "archive",
          """
          steps:
            - name: archive
              read: { type: csv, files: in/*.csv, columns: { id: long, name: string } }
              chunk: { size: 10 }
              write: { type: bean, bean: archivedOrders, connection: archive }
          """);

      ExecutionView failed = world.run("archive");

      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.tally().written()).isEqualTo(47);
      assertThat(count(archive)).isEqualTo(failed.tally().written());
      archive.sql("alter table archived_order add constraint once primary key (id)").update();
      world.file("in/orders.csv", orders("short"));
      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);
      assertThat(restarted.failures()).isEmpty();
      assertThat(count(archive)).isEqualTo(100);

      assertThat(world.context().getBeansOfType(DataSource.class)).hasSize(1);
      NamedConnections connections = world.context().getBean(NamedConnections.class);
      assertThat(connections.dataSource("default"))
          .isSameAs(world.context().getBean(DataSource.class));
      assertThatThrownBy(() -> connections.dataSource("archiv"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is no connection 'archiv'. Known: archive, default. Name others as"
              + " tranche.connections.archiv.url and so on");
    }
  }

  private static String orders(String name47) {
    return IntStream.range(0, 100)
        .mapToObj(id -> id + "," + (id == 47 ? name47 : "o" + id) + "\n")
        .collect(Collectors.joining("", "id,name\n", ""));
  }

  private static long count(JdbcClient sql) {
    return sql.sql("select count(*) from archived_order").query(Long.class).single();
  }
}

package dev.tranche.batch;

import dev.tranche.partition.Slice;
import dev.tranche.plan.NamedBeans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.beans.factory.ListableBeanFactory;

/** The beans of the application that definitions can name. Safe for all threads. */
record BeansByRole(ListableBeanFactory beans) implements NamedBeans {

  private static Class<?> class_(Role role) {
    return switch (role) {
      case READER -> ItemReader.class;
      case PROCESSOR -> ItemProcessor.class;
      case WRITER -> ItemWriter.class;
      case TASKLET -> Tasklet.class;
      case PARTITIONER -> Partitioner.class;
    };
  }

  @Override
  public boolean has(String name, Role role) {
    return beans.containsBean(name) && beans.isTypeMatch(name, class_(role));
  }

  @Override
  public List<String> names(Role role) {
    return Arrays.stream(beans.getBeanNamesForType(class_(role), true, false))
        .filter(name -> !name.startsWith("scopedTarget."))
        .toList();
  }

  @Override
  public String type(Role role) {
    String name = class_(role).getSimpleName();
    return (name.startsWith("I") ? "an " : "a ") + name;
  }

  /** Asks a partitioner; its partitions come in the order of their names. */
  List<Slice.Context> partition(String bean, int gridSize) {
    Map<String, ExecutionContext> partitions =
        new TreeMap<>(beans.getBean(bean, Partitioner.class).partition(gridSize));
    List<Slice.Context> slices = new ArrayList<>();
    partitions.forEach((name, context) -> slices.add(new Slice.Context(name, context.toMap())));
    return slices;
  }
}

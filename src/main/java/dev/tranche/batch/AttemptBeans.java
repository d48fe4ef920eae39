package dev.tranche.batch;

import dev.tranche.plan.Beans;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.BeanFactory;

/** The beans of one attempt, and those of them that are listeners. One thread. */
final class AttemptBeans implements Beans {

  private final BeanFactory factory;
  private final Map<String, Object> found = new LinkedHashMap<>();

  AttemptBeans(BeanFactory factory) {
    this.factory = factory;
  }

  /** Looks no further than this attempt: a prototype bean is made once for it. */
  @Override
  public <T> T get(String name, Class<T> type) {
    return type.cast(found.computeIfAbsent(name, key -> factory.getBean(key, type)));
  }

  List<Object> all() {
    return new ArrayList<>(found.values());
  }
}

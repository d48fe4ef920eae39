package dev.tranche.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The job repository's database and the named ones, by name. Immutable; safe for all threads. */
public final class Databases {

  private final Database repository;
  private final Map<String, Database> byName = new TreeMap<>();

  public Databases(Database repository, Collection<Database> named) {
    this.repository = repository;
    byName.put(repository.name(), repository);
    named.forEach(database -> byName.put(database.name(), database));
  }

  /** The job repository's. */
  public Database repository() {
    return repository;
  }

  /** The one of that name, the job repository's for null; null if there is none. */
  public @Nullable Database find(@Nullable String name) {
    return name == null ? repository : byName.get(name);
  }

  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  public Collection<Database> all() {
    return List.copyOf(byName.values());
  }
}

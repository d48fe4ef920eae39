package dev.tranche.plan;

import java.util.List;

/** The application's beans, looked at without making any. Safe for all threads. */
public interface NamedBeans {

  /** What a definition names a bean for. */
  enum Role {
    READER,
    PROCESSOR,
    WRITER,
    TASKLET,
    PARTITIONER
  }

  /** Whether there is a bean of that name that can play the role. */
  boolean has(String name, Role role);

  /** The names of all beans that can play the role, for messages. */
  List<String> names(Role role);

  /** The type that a bean of the role has, with its article: {@code an ItemReader}. */
  String type(Role role);
}

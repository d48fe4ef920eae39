package dev.tranche.definition;

import dev.tranche.definition.ChunkDefinition.Mode;
import dev.tranche.definition.ChunkDefinition.Threads;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the parts of a chunk step must have to do with each other. */
final class ChunkStepRules {

  private static final Set<String> FAULTS = Set.of("transient", "timeout", "data");
  private static final Pattern CLASS_NAME =
      Pattern.compile("[\\p{L}_$][\\w$]*(\\.[\\p{L}_$][\\w$]*)+");
  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

  private final Part part;
  private final ChunkStepDefinition step;
  private final int javaVersion;

  ChunkStepRules(Part part, ChunkStepDefinition step, int javaVersion) {
    this.part = part;
    this.step = step;
    this.javaVersion = javaVersion;
  }

  void check() {
    if (step.read() instanceof ReadDefinition.Csv csv) {
      new CsvRules(part.key("read"), csv).check();
    } else if (step.read() instanceof ReadDefinition.Jdbc jdbc) {
      new TableRules(part.key("read"), jdbc).check();
    } else if (step.read() instanceof ReadDefinition.InFiles files) {
      columns(part.key("read"), files);
    }
    if (step.read() != null && step.partition() != null) {
      new PartitionRules(part.key("partition"), step.read(), step.partition()).check();
    }
    if (step.chunk() != null) {
      chunk(part.key("chunk"), step.chunk());
    }
    if (step.process() != null) {
      stages(part.key("process"), step.process());
    }
    if (step.onError() != null) {
      retry(part.key("on-error").key("retry"), step.onError().retry());
      skip(part.key("on-error").key("skip"), step.onError().skip());
    }
    if (step.write() instanceof WriteDefinition.Jdbc jdbc) {
      jdbc(part.key("write"), jdbc);
    } else if (step.write() instanceof WriteDefinition.InFile file) {
      new FileRules(part.key("write"), file).check();
    }
  }

  /** Of files whose records are lines or JSON. */
  private static void columns(Part read, ReadDefinition.InFiles files) {
    boolean fixed = files instanceof ReadDefinition.Fixed;
    if (files instanceof ReadDefinition.Fixed lines
        && lines.charset() != null
        && !CsvRules.isSplitOnBytes(lines.charset())) {
      read.key("charset")
          .wrong(
              "charset %s cannot be read, since files are cut byte by byte. Valid: UTF-8, and"
                  + " charsets of single bytes such as windows-1252.",
              lines.charset().name());
    }
    if (files.columns() != null) {
      files.columns().forEach((name, column) -> {
        ColumnRules rules = new ColumnRules(read.key("columns").entry(name), name, column);
        if (fixed) {
          rules.checkFixed();
        } else {
          rules.check();
        }
      });
    }
  }

  private void chunk(Part chunk, ChunkDefinition definition) {
    growth(chunk, definition);
    if (definition.mode() == Mode.MAP) {
      for (String key : List.of("in-flight", "max-lead", "order")) {
        chunk.key(key).noEffect("with mode: map", "set 'mode: futures'");
      }
    } else if (definition.mode() == Mode.FUTURES) {
      window(chunk, definition);
    }
    threads(chunk.key("threads"), definition.threads());
  }

  private void growth(Part chunk, ChunkDefinition definition) {
    if (step.read() instanceof ReadDefinition.Bean bean && !bean.repeatable()) {
      chunk
          .key("max-size")
          .noEffect(
              "where a bean is read, one chunk at a time",
              "set 'read.repeatable: true' if the bean gives the same items again");
    } else if (definition.maxSize() != null
        && chunk.key("max-size").given()
        && chunk.key("size").sound()
        && definition.maxSize() < definition.size()) {
      chunk
          .key("max-size")
          .wrong(
              "'chunk.max-size' is %d, which is less than the size of %d that chunks begin with."
                  + " Set it to %d or more, or 'size' to %d.",
              definition.maxSize(), definition.size(), definition.size(), definition.maxSize());
    }
  }

  private void threads(Part threads, @Nullable Threads kind) {
    if (kind == Threads.VIRTUAL && javaVersion < FIRST_WITH_VIRTUAL_THREADS) {
      threads.wrong(
          "%s cannot be 'virtual' on Java %d. Run it on Java %d or later, or write 'platform'.",
          threads.what(), javaVersion, FIRST_WITH_VIRTUAL_THREADS);
    }
  }

  private void stages(Part process, List<ProcessDefinition> entries) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i) instanceof ProcessDefinition.Stage stage && stage.of() != null) {
        boolean last = i + 1 == entries.size();
        if (last || entries.get(i + 1) instanceof ProcessDefinition.Stage) {
          process
              .item(i)
              .wrong("this stage has nothing to do. Put entries below it, or remove it.");
        }
        threads(process.item(i).key("of").key("threads"), stage.of().threads());
      }
    }
    if (!entries.isEmpty() && entries.get(0) instanceof ProcessDefinition.Stage) {
      for (String key : List.of("workers", "threads")) {
        part.key("chunk")
            .key(key)
            .noEffect("where 'process' begins with a 'stage'", "write it there");
      }
    }
  }

  private void window(Part chunk, ChunkDefinition definition) {
    if (step.read() instanceof ReadDefinition.Bean bean && !bean.repeatable()) {
      for (String key : List.of("in-flight", "max-lead", "order")) {
        chunk
            .key(key)
            .noEffect(
                "where a bean is read, one chunk at a time",
                "set 'read.repeatable: true' if the bean gives the same items again");
      }
    } else if (chunk.key("max-lead").given()
        && chunk.key("in-flight").sound()
        && definition.maxLead() < definition.inFlight()) {
      chunk
          .key("max-lead")
          .wrong(
              "'chunk.max-lead' is %d, so that %d chunks in flight are never reached. Set it to %d"
                  + " or more, or 'in-flight' to %d.",
              definition.maxLead(),
              definition.inFlight(),
              definition.inFlight(),
              definition.maxLead());
    }
  }

  private void retry(Part retry, OnError.@Nullable Retry definition) {
    if (definition == null) {
      return;
    }
    if (definition.attempts() == 1 && retry.key("attempts").sound()) {
      for (String key : List.of("backoff", "max-backoff", "jitter", "on")) {
        retry.key(key).noEffect("with a single attempt", "set 'attempts: 3'");
      }
    }
    Part longest = retry.key("max-backoff");
    boolean sound = longest.given() && longest.sound() && retry.key("backoff").sound();
    if (sound && definition.maxBackoff().compareTo(definition.backoff()) < 0) {
      longest.wrong(
          "'on-error.retry.max-backoff' is shorter than 'backoff', which would never be waited for."
              + " Set it to more, or 'backoff' to less.");
    }
    List<String> faults = definition.on() == null ? List.of() : definition.on();
    for (int i = 0; i < faults.size(); i++) {
      fault(retry.key("on").item(i), faults.get(i));
    }
  }

  private void fault(Part part, @Nullable String fault) {
    if (fault == null) {
      return;
    }
    if (!FAULTS.contains(fault) && !CLASS_NAME.matcher(fault).matches()) {
      String hint = Nearest.hint(fault, FAULTS);
      part.wrong(
          "%s cannot be '%s'.%s Valid: transient, timeout, data, or the full name of an exception"
              + " class.",
          part.what(), fault, hint);
    }
    ChunkDefinition chunk = step.chunk();
    if (fault.equals("timeout")
        && chunk != null
        && chunk.timeout() == null
        && chunk.itemTimeout() == null) {
      part.wrong("'timeout' has no effect where a chunk has none. Remove it, or set"
          + " 'chunk.timeout: 30s' or 'chunk.item-timeout: 5s'.");
    }
  }

  private static void skip(Part skip, OnError.@Nullable Skip definition) {
    if (definition == null) {
      return;
    }
    if (!skip.key("limit").given() && !skip.key("rate").given()) {
      skip.wrong("%s allows nothing. Add 'limit: 100', 'rate: 1%%', or both.", skip.what());
    }
    if (!skip.key("rate").given()) {
      skip.key("rate-after").noEffect("without 'rate'", "add 'rate: 1%'");
    }
  }

  private static void jdbc(Part write, WriteDefinition.Jdbc definition) {
    List<String> key = definition.key() == null ? List.of() : definition.key();
    boolean keyed = !key.isEmpty() || !write.key("key").sound();
    WriteDefinition.Jdbc.Mode mode = definition.mode();
    if (mode != null && mode.isKeyed() && !keyed) {
      write
          .key("mode")
          .wrong(
              "'write.mode: %s' needs a key. Add 'key:' with the columns that tell rows apart.",
              word(mode));
    }
    if (mode == WriteDefinition.Jdbc.Mode.UPDATE || mode == WriteDefinition.Jdbc.Mode.DELETE) {
      write.key("create").noEffect("with mode: " + word(mode), "set 'mode: upsert'");
    }
    if (mode != null && !mode.isKeyed() && !definition.create() && write.key("create").sound()) {
      write
          .key("key")
          .noEffect(
              "with mode: " + word(mode), "set 'mode: upsert', or 'create: true' for a primary key");
    }
    Set<String> distinct = new HashSet<>();
    for (int i = 0; i < key.size(); i++) {
      if (key.get(i) != null && !distinct.add(key.get(i))) {
        write
            .key("key")
            .item(i)
            .wrong("column '%s' is in 'write.key' twice. Remove one.", key.get(i));
      }
    }
    table(write.key("table"), definition.table());
  }

  private static String word(WriteDefinition.Jdbc.Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private static void table(Part part, @Nullable String table) {
    if (table != null
        && !table.isBlank()
        && !table.matches("[^.]*[^. ][^.]*(\\.[^.]*[^. ][^.]*)?")) {
      part.wrong("'write.table' must be 'name' or 'schema.name', but is '%s'.", table);
    }
  }
}

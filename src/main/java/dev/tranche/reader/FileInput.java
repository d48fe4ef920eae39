package dev.tranche.reader;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.Cutter;
import dev.tranche.partition.FileExaminer;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.FileKind;
import dev.tranche.partition.InputException;
import dev.tranche.partition.InputFiles;
import dev.tranche.partition.Slice;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that a step reads: finds, examines and cuts them, and opens their slices.
 *
 * <p>Immutable; safe for all threads. Every method throws an {@link InputException} if the input
 * cannot be used as it is.
 */
public final class FileInput {

  // -- given --
  private final ReadDefinition.InFiles definition;
  private final FileKind kind;
  private final InputFiles files;

  // -- so far --
  private volatile @Nullable Known known;

  /** What follows from facts: all partitions of a step have the same. */
  private record Known(List<FileFacts> facts, Map<String, FileFacts> byPath, Decoding decoding) {

    RecordDecoder decoder(String path) {
      FileFacts file = byPath.get(path);
      if (file == null) {
        throw new IllegalArgumentException("'" + path + "' is not among the files of the layout");
      }
      return decoding.decoder(file);
    }
  }

  /** @param mayLeave whether files outside of {@code baseDirectory} may be read */
  public FileInput(ReadDefinition.InFiles definition, Path baseDirectory, boolean mayLeave) {
    this.definition = definition;
    this.kind = FileKind.of(definition);
    this.files = new InputFiles(baseDirectory, mayLeave);
  }

  /** The files there are now, each with its header read and every column found in it. */
  public List<FileFacts> examine() {
    FileExaminer examiner = new FileExaminer(kind);
    List<FileFacts> facts = new ArrayList<>();
    for (String path : files.find(definition.files())) {
      facts.add(examiner.examine(path, files.resolve(path)));
    }
    Decoding decoding = known(facts).decoding();
    facts.stream().filter(file -> !file.header().isEmpty()).forEach(decoding::decoder);
    return facts;
  }

  /** The columns of the rows that are read from {@code facts}. */
  public Columns columns(List<FileFacts> facts) {
    return known(facts).decoding().columns();
  }

  /** The slices of the files, in order, cut as they are asked for; there may be none. */
  public Iterator<Slice> cut(PartitionDefinition rule, List<FileFacts> facts) {
    return Cutter.cut(rule, facts, kind.syntax(), files);
  }

  /** All files as one slice. */
  public Slice whole(List<FileFacts> facts) {
    Iterator<Slice> only = cut(new PartitionDefinition.Single(), facts);
    return only.hasNext() ? only.next() : new Slice.Files(List.of());
  }

  /** The rows of one slice; not opened yet. */
  public ChunkSource<Row> source(Slice.Files slice, List<FileFacts> facts) {
    Known ofFacts = known(facts);
    Map<String, RecordDecoder> decoders = new HashMap<>();
    return new FileSource(
        kind,
        slice,
        files::resolve,
        path -> decoders.computeIfAbsent(path, ofFacts::decoder));
  }

  /**
   * Makes rows again of what is kept of rejected records; one thread asks, any may decode. Needs
   * none of the files.
   */
  public RejectSource.Rebuilding rebuilding(List<FileFacts> facts) {
    Known ofFacts = known(facts);
    String end = kind.beginning() == FileKind.Beginning.BRACKET ? "," : "";
    return reject -> {
      RecordDecoder decoder = ofFacts.decoder(reject.source());
      byte[] bytes = (reject.original() + end).getBytes(kind.syntax().charset());
      return () -> decoder.decode(bytes, 0, bytes.length, Math.max(0, reject.offset()));
    };
  }

  private Known known(List<FileFacts> facts) {
    Known last = known;
    if (last == null || last.facts() != facts && !last.facts().equals(facts)) {
      Map<String, FileFacts> byPath = new HashMap<>();
      facts.forEach(file -> byPath.put(file.path(), file));
      last = new Known(facts, byPath, decoding(facts));
      known = last;
    }
    return last;
  }

  private Decoding decoding(List<FileFacts> facts) {
    if (definition instanceof ReadDefinition.Csv csv) {
      return new CsvColumns(csv, kind.syntax(), facts);
    }
    return definition instanceof ReadDefinition.Fixed fixed
        ? new FixedColumns(fixed, kind.syntax())
        : new JsonColumns(definition, kind);
  }

  /** Whether every file has the size and the time of modification it had when it was examined. */
  public boolean isUnchanged(List<FileFacts> stored) {
    InputCheck check = check();
    return stored.stream().allMatch(check::isUnchanged);
  }

  /**
   * What to store before partitions go on that read files which have changed.
   *
   * @param stored the facts stored with the layout
   * @param partitions all of the layout
   * @throws InputException if bytes that are loaded were changed, or cannot be found again
   */
  public InputCheck.Result check(
      List<FileFacts> stored, Iterable<InputCheck.Partition> partitions) {
    return check().check(stored, partitions);
  }

  private InputCheck check() {
    return new InputCheck(kind, files, new FileExaminer(kind)::examine);
  }
}

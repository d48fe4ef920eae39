package dev.tranche.batch;

import dev.tranche.partition.FileFacts;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** A slice in an execution context, as JSON: what a partitioner hands to the step that reads it. */
final class SliceContext {

  static final String SLICE = "tranche.slice";

  /** Facts about the files of the slice. */
  private static final String FILES = "tranche.files";

  private SliceContext() {}

  /** @param facts about all files that were cut; only those of the slice are kept */
  static void put(ExecutionContext context, String slice, List<FileFacts> facts) {
    context.putString(SLICE, slice);
    if (SliceJson.read(slice) instanceof Slice.Files files) {
      Set<String> own = files.pieces().stream().map(Slice.Piece::file).collect(Collectors.toSet());
      context.putString(
          FILES,
          SliceJson.writeFacts(facts.stream().filter(file -> own.contains(file.path())).toList()));
    } else if (SliceJson.read(slice) instanceof Slice.Context given) {
      given.context().forEach(context::put);
    }
  }

  static boolean isIn(ExecutionContext context) {
    return context.containsKey(SLICE);
  }

  /** @throws InputException if there is none, or it is none of files */
  static Slice.Files files(ExecutionContext context) {
    if (isIn(context)
        && SliceJson.read(context.getString(SLICE)) instanceof Slice.Files files) {
      return files;
    }
    throw new InputException(
        "the step's execution context holds no slice of files ('" + SLICE + "'). Have the step"
            + " partitioned with byFile() or byBytes() of the same CsvSlices");
  }

  static List<FileFacts> facts(ExecutionContext context) {
    return SliceJson.readFacts(context.getString(FILES));
  }
}

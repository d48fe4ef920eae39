package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.Slice;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.DoneRange;
import dev.tranche.store.Position;
import dev.tranche.store.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A load of a folder's partitions that goes some way, is checked after an edit, and goes on: what
 * the layout and the checkpoints hold, without a database.
 */
final class Loading {

  final FileInput input;
  List<FileFacts> facts;
  final Map<Integer, Slice.Files> slices = new TreeMap<>();
  final Map<Integer, Checkpoint> checkpoints = new TreeMap<>();
  final List<String> loaded = new ArrayList<>();

  Loading(CsvFolder folder, PartitionDefinition rule) {
    input = folder.input();
    facts = input.examine();
    input.cut(rule, facts).forEachRemaining(slice -> {
      slices.put(slices.size() + 1, (Slice.Files) slice);
      checkpoints.put(slices.size(), Checkpoint.START);
    });
  }

  /** Loads the chunks of a partition, counted from 0, that {@code which} says; then it ends. */
  Loading load(int partition, int chunkSize, IntPredicate which) {
    Slice.Files slice = slices.get(partition);
    Position watermark = null;
    Digest digest = Digest.NONE;
    List<DoneRange> done = new ArrayList<>();
    boolean all = true;
    long items = 0;
    try (ChunkSource<Row> source = input.source(slice, facts)) {
      source.open(null);
      int index = 0;
      for (ReadChunk<Row> chunk; (chunk = source.read(chunkSize, null)) != null; index++) {
        int size = chunk.size();
        if (!which.test(index)) {
          all = false;
          continue;
        }
        take(chunk);
        items += size;
        if (all) {
          watermark = chunk.position(size);
          digest = digest.then(chunk.digest(0, size));
        } else {
          add(done, chunk);
        }
      }
    } catch (Exception error) {
      throw new AssertionError(error);
    }
    Tally tally = new Tally(items, items, 0, 0, 0, 0);
    checkpoints.put(partition, new Checkpoint(watermark, digest, done, tally, all));
    return this;
  }

  private static void add(List<DoneRange> done, ReadChunk<Row> chunk) {
    DoneRange range = new DoneRange(
        chunk.position(0),
        chunk.position(chunk.size()),
        chunk.size(),
        chunk.digest(0, chunk.size()));
    DoneRange last = done.isEmpty() ? null : done.get(done.size() - 1);
    if (last != null && last.to().isAt(range.from())) {
      done.remove(last);
      Digest both = last.digest().then(range.digest());
      range = new DoneRange(last.from(), range.to(), last.items() + range.items(), both);
    }
    done.add(range);
  }

  private void take(ReadChunk<Row> chunk) {
    for (int i = 0; i < chunk.size(); i++) {
      loaded.add(CsvFolder.text(chunk, i));
    }
  }

  /** Checks the files and stores what that says. */
  Loading check() {
    InputCheck.Result result = input.check(facts, partitions());
    checkpoints.putAll(result.checkpoints());
    slices.putAll(result.slices());
    facts = result.facts();
    return this;
  }

  /** Checks the files and dies before the slices and the facts are stored. */
  Loading checkAndDie() {
    checkpoints.putAll(input.check(facts, partitions()).checkpoints());
    return this;
  }

  private List<InputCheck.Partition> partitions() {
    List<InputCheck.Partition> partitions = new ArrayList<>();
    slices.forEach((number, slice) ->
        partitions.add(new InputCheck.Partition(number, slice, checkpoints.get(number))));
    return partitions;
  }

  /** Loads what is missing of all partitions. */
  Loading finish(int chunkSize) {
    slices.keySet().forEach(partition -> finish(partition, chunkSize));
    return this;
  }

  private void finish(int partition, int chunkSize) {
    Checkpoint checkpoint = checkpoints.get(partition);
    if (checkpoint.complete()) {
      return;
    }
    List<DoneRange> ahead = new ArrayList<>(checkpoint.done());
    try (ChunkSource<Row> source = input.source(slices.get(partition), facts)) {
      source.open(checkpoint.watermark());
      while (true) {
        @Nullable Position stop = ahead.isEmpty() ? null : ahead.get(0).from();
        if (stop != null && source.position().isAt(stop)) {
          source.seek(ahead.remove(0).to());
          continue;
        }
        ReadChunk<Row> chunk = source.read(chunkSize, stop);
        if (chunk != null) {
          take(chunk);
        } else if (stop == null || !source.position().isAt(stop)) {
          break;
        }
      }
      assertThat(ahead).isEmpty();
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }
}

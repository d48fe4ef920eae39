package dev.tranche.reader;

import static java.util.Comparator.comparingLong;

import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.FileKind;
import dev.tranche.partition.InputException;
import dev.tranche.partition.InputFiles;
import dev.tranche.partition.Slice;
import dev.tranche.partition.Slice.Piece;
import dev.tranche.reader.EditedFile.Stake;
import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Decides whether partitions can go on after their files were edited.
 *
 * <p>What is loaded must be there, byte for byte; what is not may be longer, shorter or different.
 * Then slices are moved to where they are now. A repaired row is the case it is made for.
 */
public final class InputCheck {

  /** A partition of the layout, with its slice and checkpoint as they are stored. */
  public record Partition(int number, Slice.Files slice, Checkpoint checkpoint) {}

  /**
   * What is to be stored, by partition number where it differs from what is stored.
   *
   * <p>Checkpoints go first. If the process dies before the slices and the facts are stored too, the
   * check may be done again: it finds the ranges where the new checkpoints say.
   */
  public record Result(
      List<FileFacts> facts,
      Map<Integer, Slice.Files> slices,
      Map<Integer, Checkpoint> checkpoints) {}

  private final FileKind kind;
  private final CsvSyntax syntax;
  private final InputFiles files;
  private final boolean hasHeader;
  private final BiFunction<String, Path, FileFacts> examiner;

  InputCheck(
      FileKind kind,
      InputFiles files,
      BiFunction<String, Path, FileFacts> examiner) {
    this.kind = kind;
    this.syntax = kind.syntax();
    this.files = files;
    this.hasHeader = kind.beginning() == FileKind.Beginning.HEADER;
    this.examiner = examiner;
  }

  /** Whether the file has the size and the time of modification that it had. */
  boolean isUnchanged(FileFacts stored) {
    Path file = files.resolve(stored.path());
    try {
      return Files.size(file) == stored.size()
          && Files.getLastModifiedTime(file).toInstant().equals(stored.modified());
    } catch (IOException error) {
      return false;
    }
  }

  Result check(List<FileFacts> stored, Iterable<Partition> partitions) {
    List<Progress> all = new ArrayList<>();
    partitions.forEach(partition -> all.add(new Progress(partition)));
    Map<String, List<Stake>> stakes = stakes(all);
    List<FileFacts> facts = new ArrayList<>();
    Set<String> edited = new HashSet<>();
    Map<Piece, Piece> located = new HashMap<>();
    for (FileFacts file : stored) {
      List<Stake> pieces = stakes.getOrDefault(file.path(), List.of());
      if (isUnchanged(file) || isGoneAndLoaded(file, pieces)) {
        facts.add(file);
      } else {
        FileFacts now = examiner.apply(file.path(), files.resolve(file.path()));
        facts.add(now);
        if (kind.isWhole(file.path())) {
          located.putAll(replaced(file, now, pieces));
        } else {
          edited.add(file.path());
          located.putAll(locate(file, now, pieces));
        }
      }
    }
    Result result = new Result(facts, new TreeMap<>(), new TreeMap<>());
    all.forEach(progress -> settle(progress, edited, located, result));
    return result;
  }

  private static Map<String, List<Stake>> stakes(List<Progress> all) {
    Map<String, List<Stake>> stakes = new HashMap<>();
    for (Progress progress : all) {
      List<Piece> pieces = progress.slice().pieces();
      for (int i = 0; i < pieces.size(); i++) {
        stakes
            .computeIfAbsent(pieces.get(i).file(), file -> new ArrayList<>())
            .add(new Stake(progress, i));
      }
    }
    stakes.values().forEach(list -> list.sort(comparingLong(stake -> stake.old().start())));
    return stakes;
  }

  /** An input that was put away once it was loaded is not missed. */
  private boolean isGoneAndLoaded(FileFacts file, List<Stake> pieces) {
    return !Files.exists(files.resolve(file.path()))
        && pieces.stream().allMatch(stake -> stake.progress().isComplete());
  }

  /** A file that is read in one: as it was, byte by byte, or another one that nobody began. */
  private static Map<Piece, Piece> replaced(
      FileFacts before, FileFacts now, List<Stake> stakes) {
    Map<Piece, Piece> replaced = new HashMap<>();
    for (Stake stake : stakes) {
      Progress progress = stake.progress();
      if (before.head().equals(now.head())) {
        continue;
      }
      if (progress.isBegun()) {
        throw progress.refusal(now.path(), "where it was read up to is not found in it");
      }
      Piece old = stake.old();
      long end = old.isOpen() ? Piece.OPEN : now.size();
      Digest head = old.isOpen() ? now.head() : old.head();
      replaced.put(
          old, new Piece(now.path(), now.dataStart(), end, now.dataLine(), head, old.tail()));
    }
    return replaced;
  }

  private Map<Piece, Piece> locate(FileFacts before, FileFacts now, List<Stake> stakes) {
    if (stakes.isEmpty()) {
      if (now.dataLength() > 0) {
        throw new InputException(
            "file '" + now.path() + "' had no records when the files were cut into partitions, and"
                + " now it has. Put it back as it was, or load it all anew with a new run");
      }
      return Map.of();
    }
    if (hasHeader && !before.header().equals(now.header())) {
      throw stakes
          .get(0)
          .progress()
          .refusal(
              now.path(),
              "its header was changed from '" + String.join(",", before.header()) + "' to '"
                  + String.join(",", now.header()) + "'");
    }
    Map<Piece, Piece> located = new HashMap<>();
    try (FileBytes bytes = new FileBytes(now.path(), files.resolve(now.path()), syntax)) {
      List<Piece> pieces = new EditedFile(before, now, bytes).locate(stakes);
      for (int i = 0; i < pieces.size(); i++) {
        located.put(stakes.get(i).old(), pieces.get(i));
      }
    }
    return located;
  }

  private void settle(
      Progress progress, Set<String> edited, Map<Piece, Piece> located, Result result) {
    List<Piece> old = progress.slice().pieces();
    List<Piece> now =
        old.stream().map(piece -> located.getOrDefault(piece, piece)).toList();
    if (!now.equals(old)) {
      result.slices.put(progress.number(), new Slice.Files(now));
    }
    if (old.stream().noneMatch(piece -> edited.contains(piece.file()))) {
      return;
    }
    try (EditedPartition partition =
        new EditedPartition(progress, now, edited, syntax, files::resolve)) {
      Checkpoint checkpoint = partition.check();
      if (!checkpoint.equals(progress.checkpoint())) {
        result.checkpoints.put(progress.number(), checkpoint);
      }
    }
  }
}

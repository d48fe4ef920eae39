package dev.tranche.definition;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 as a tree, however broken it is.
 *
 * <p>One reader reads one text. What it gives is bounded: aliases that would blow it up are
 * problems.
 */
final class Yaml {

  private static final int MOST_NODES = 100_000;
  private static final int DEEPEST = 50;

  private final Findings findings;
  private final boolean placed;
  private int nodes;

  private Yaml(Findings findings, boolean placed) {
    this.findings = findings;
    this.placed = placed;
  }

  /** The tree of a default, which stands nowhere. */
  static Tree standard(String text) {
    Tree tree = new Yaml(new Findings("defaults"), false).document(text);
    return Objects.requireNonNull(tree, text);
  }

  /** The tree of the only document in {@code text}; null, and a problem, if there is none. */
  static @Nullable Tree read(String text, Findings findings) {
    try {
      return new Yaml(findings, true)
          .document(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (TooLargeException e) {
      findings.add(e.place, "it grows too large here: too deep, or by aliases. Write it out.");
    } catch (MarkedYamlEngineException e) {
      boolean open = e.getProblem().contains("end of stream");
      findings.add(place(open ? e.getContextMark() : e.getProblemMark()), broken(e, text));
    } catch (ReaderException e) {
      findings.add(
          place(text, e.getPosition()),
          "the character U+%04X is not allowed in YAML. Remove it.".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      findings.add(
          Place.NOWHERE, "this is not YAML: " + e.getMessage() + ". Write it in a simpler way.");
    } catch (StackOverflowError e) {
      findings.add(Place.NOWHERE, "it is nested too deeply. " + DEEPEST + " levels are enough.");
    }
    return null;
  }

  private @Nullable Tree document(String text) {
    // Aliases are counted by what they grow to, see tree(): many that stay small are fine.
    LoadSettings settings = LoadSettings.builder()
        .setSchema(new CoreSchema())
        .setAllowNonScalarKeys(true)
        .setMaxAliasesForCollections(MOST_NODES)
        .build();
    Iterator<Node> documents = new Compose(settings).composeAllFromString(text).iterator();
    if (!documents.hasNext()) {
      findings.add(Place.NOWHERE, "the file is empty. A job has at least 'name:' and 'steps:'.");
      return null;
    }
    Tree tree = tree(documents.next(), 0);
    if (documents.hasNext()) {
      Place second = at(documents.next());
      findings.add(second, "a second document begins here. Write one job per file.");
    }
    return tree;
  }

  private Tree tree(Node node, int depth) {
    Place place = at(node);
    if (++nodes > MOST_NODES || depth > DEEPEST) {
      throw new TooLargeException(place);
    }
    if (node instanceof ScalarNode scalar) {
      boolean empty = scalar.isPlain() && scalar.getTag().equals(Tag.NULL);
      return new Tree.Text(place, scalar.getValue(), scalar.isPlain(), empty);
    }
    if (node instanceof SequenceNode sequence) {
      return items(sequence, depth);
    }
    return entries((MappingNode) node, depth);
  }

  private Tree items(SequenceNode sequence, int depth) {
    List<Tree> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(tree(item, depth + 1));
    }
    return new Tree.Items(at(sequence), items);
  }

  private Tree entries(MappingNode mapping, int depth) {
    Map<String, Tree.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Place place = at(tuple.getKeyNode());
      String key = key(tuple.getKeyNode(), place);
      Tree.Entry entry = new Tree.Entry(place, tree(tuple.getValueNode(), depth + 1));
      Tree.Entry first = key == null ? null : entries.putIfAbsent(key, entry);
      if (first != null) {
        findings.add(
            place,
            "key '%s' is written twice, first in line %d. Remove one of the two."
                .formatted(key, first.place().line()));
      }
    }
    return new Tree.Entries(at(mapping), entries);
  }

  private @Nullable String key(Node key, Place place) {
    if (!(key instanceof ScalarNode scalar)) {
      findings.add(place, "a key must be a text. Put a placeholder or { } in quotes.");
      return null;
    }
    return scalar.getValue();
  }

  /** Says what the parser found, and guesses at the usual cause. */
  private static String broken(MarkedYamlEngineException e, String text) {
    String what = "this is not YAML: " + e.getProblem().strip();
    String where = e.getContext() == null || e.getContext().isBlank()
        ? ""
        : " (" + e.getContext().strip() + ")";
    int line = place(e.getProblemMark()).line();
    String hint =
        text.lines().skip(Math.max(0, line - 1)).findFirst().orElse("").contains("${")
            ? " Inside { } and [ ], write placeholders in quotes: \"${name}\"."
            : " Look at the indentation, quotes and colons of this line and the one before.";
    return what + where + "." + hint;
  }

  private Place at(Node node) {
    return placed ? place(node.getStartMark()) : Place.NOWHERE;
  }

  private static Place place(Optional<Mark> mark) {
    return mark.map(at -> new Place(at.getLine() + 1, at.getColumn() + 1)).orElse(Place.NOWHERE);
  }

  private static Place place(String text, int position) {
    String before = text.substring(0, text.offsetByCodePoints(0, position));
    int lineStart = before.lastIndexOf('\n') + 1;
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Place(line, before.codePointCount(lineStart, before.length()) + 1);
  }

  private static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Place place;

    TooLargeException(Place place) {
      this.place = place;
    }
  }
}

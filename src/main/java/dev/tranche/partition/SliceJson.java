package dev.tranche.partition;

import dev.tranche.partition.Slice.Piece;
import dev.tranche.row.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Slices, and facts about the files they were cut from, as JSON for the layout; version 1. */
public final class SliceJson {

  private static final int VERSION = 1;
  private static final JsonMapper JSON = new JsonMapper();

  private SliceJson() {}

  public static String write(Slice slice) {
    ObjectNode object = versioned();
    if (slice instanceof Slice.Files files) {
      ArrayNode pieces = object.putArray("pieces");
      files.pieces().forEach(piece -> pieces.add(node(piece)));
    } else if (slice instanceof Slice.Context context) {
      if (context.name() != null) {
        object.put("name", context.name());
      }
      object.set("context", ContextJson.object("the Partitioner", context.context()));
    } else if (slice instanceof Slice.Rows rows) {
      object.put("rows", rows.rows()).set("bounds", BoundsJson.write(rows.bounds()));
    } else if (slice instanceof Slice.Rejected rejected) {
      object.set("rejects", node(rejected));
    }
    return object.toString();
  }

  /** @throws IllegalArgumentException if {@code json} is not that of a slice */
  public static Slice read(String json) {
    JsonNode object = parse(json);
    if (object.has("context")) {
      JsonNode name = object.get("name");
      Map<String, Object> context = ContextJson.values(object.get("context"));
      return new Slice.Context(name == null ? null : name.stringValue(), context);
    }
    if (object.has("bounds")) {
      return new Slice.Rows(
          BoundsJson.read(object.get("bounds")), get(object, "rows").longValue());
    }
    if (object.has("rejects")) {
      return rejected(object.get("rejects"));
    }
    List<Piece> pieces = new ArrayList<>();
    get(object, "pieces").forEach(piece -> pieces.add(piece(piece)));
    return new Slice.Files(pieces);
  }

  public static String writeFacts(List<FileFacts> facts) {
    ObjectNode object = versioned();
    ArrayNode files = object.putArray("files");
    List<String> header = List.of();
    for (FileFacts file : facts) {
      files.add(node(file, header));
      header = file.header();
    }
    return object.toString();
  }

  /** @throws IllegalArgumentException if {@code json} is not that of facts */
  public static List<FileFacts> readFacts(String json) {
    List<FileFacts> facts = new ArrayList<>();
    List<String> header = List.of();
    for (JsonNode file : get(parse(json), "files")) {
      facts.add(facts(file, header));
      header = facts.get(facts.size() - 1).header();
    }
    return facts;
  }

  private static ObjectNode versioned() {
    return JsonNodeFactory.instance.objectNode().put("version", VERSION);
  }

  private static JsonNode parse(String json) {
    try {
      JsonNode object = JSON.readTree(json);
      int version = get(object, "version").intValue();
      if (version != VERSION) {
        throw new IllegalArgumentException("layout of version " + version
            + " was written by a newer Tranche; this one reads " + VERSION);
      }
      return object;
    } catch (JacksonException error) {
      throw new IllegalArgumentException("not the JSON of a layout: " + json, error);
    }
  }

  private static ObjectNode node(Piece piece) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("file", piece.file())
        .put("start", piece.start())
        .put("end", piece.end())
        .put("line", piece.line())
        .put("head", text(piece.head()))
        .put("tail", text(piece.tail()));
  }

  private static Piece piece(JsonNode node) {
    return new Piece(
        get(node, "file").stringValue(),
        get(node, "start").longValue(),
        get(node, "end").longValue(),
        get(node, "line").longValue(),
        digest(get(node, "head")),
        digest(get(node, "tail")));
  }

  private static ObjectNode node(Slice.Rejected rejected) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("layout", rejected.layout())
        .put("partition", rejected.partition())
        .put("last", rejected.last())
        .put("count", rejected.count());
  }

  private static Slice.Rejected rejected(JsonNode node) {
    return new Slice.Rejected(
        get(node, "layout").stringValue(),
        get(node, "partition").intValue(),
        get(node, "last").longValue(),
        get(node, "count").longValue());
  }

  /** @param before the header of the file before; an equal one is left out */
  private static ObjectNode node(FileFacts file, List<String> before) {
    ObjectNode node = JsonNodeFactory.instance
        .objectNode()
        .put("path", file.path())
        .put("size", file.size())
        .put("modified", file.modified().toString())
        .put("dataStart", file.dataStart())
        .put("dataLine", file.dataLine())
        .put("head", text(file.head()));
    if (!file.header().equals(before)) {
      ArrayNode header = node.putArray("header");
      file.header().forEach(header::add);
    }
    return node;
  }

  private static FileFacts facts(JsonNode node, List<String> before) {
    List<String> header = node.has("header") ? new ArrayList<>() : before;
    if (node.has("header")) {
      node.get("header").forEach(name -> header.add(name.stringValue()));
    }
    return new FileFacts(
        get(node, "path").stringValue(),
        get(node, "size").longValue(),
        Instant.parse(get(node, "modified").stringValue()),
        header,
        get(node, "dataStart").longValue(),
        get(node, "dataLine").longValue(),
        digest(get(node, "head")));
  }

  static JsonNode get(JsonNode node, String key) {
    @Nullable JsonNode value = node.get(key);
    if (value == null) {
      throw new IllegalArgumentException("'" + key + "' is missing in the layout: " + node);
    }
    return value;
  }

  private static String text(Digest digest) {
    return Integer.toHexString(digest.crc()) + ":" + digest.length();
  }

  private static Digest digest(JsonNode node) {
    String[] parts = node.stringValue().split(":", 2);
    return new Digest(Integer.parseUnsignedInt(parts[0], 16), Long.parseLong(parts[1]));
  }
}

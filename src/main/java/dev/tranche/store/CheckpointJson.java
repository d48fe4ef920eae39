package dev.tranche.store;

import dev.tranche.row.Digest;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text of the column PROGRESS: where a partition is, as JSON with a version.
 *
 * <p>Written for every chunk, so what says nothing is left out. Only ASCII, so that a key survives
 * whatever the database's encoding is.
 */
final class CheckpointJson {

  private static final int VERSION = 1;

  /** Its buffers are the lanes' own: they are few, and live long. */
  private static final JsonFactory ASCII =
      JsonFactory.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .build();

  private static final JsonMapper MAPPER = new JsonMapper();

  private CheckpointJson() {}

  static String write(Checkpoint checkpoint) {
    StringWriter text = new StringWriter(160);
    try (JsonGenerator json = ASCII.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeNumberProperty("version", VERSION);
      if (checkpoint.watermark() != null) {
        position(json, "watermark", checkpoint.watermark());
      }
      digest(json, checkpoint.digest());
      if (!checkpoint.done().isEmpty()) {
        done(json, checkpoint.done());
      }
      if (!checkpoint.segments().isEmpty()) {
        segments(json, checkpoint.segments());
      }
      if (!checkpoint.context().isEmpty()) {
        json.writeStringProperty("context", checkpoint.context());
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void done(JsonGenerator json, List<DoneRange> ranges) {
    json.writeArrayPropertyStart("done");
    for (DoneRange range : ranges) {
      json.writeStartObject();
      position(json, "from", range.from());
      position(json, "to", range.to());
      json.writeNumberProperty("items", range.items());
      digest(json, range.digest());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void segments(JsonGenerator json, List<Segment> segments) {
    json.writeArrayPropertyStart("segments");
    for (Segment segment : segments) {
      json.writeStartObject();
      json.writeNumberProperty("owner", segment.owner());
      digest(json, segment.digest());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void position(JsonGenerator json, String name, Position position) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("key", position.key());
    json.writeNumberProperty("ordinal", position.ordinal());
    json.writeNumberProperty("line", position.line());
    json.writeEndObject();
  }

  private static void digest(JsonGenerator json, Digest digest) {
    if (!digest.equals(Digest.NONE)) {
      json.writeObjectPropertyStart("digest");
      json.writeNumberProperty("crc", digest.crc());
      json.writeNumberProperty("length", digest.length());
      json.writeEndObject();
    }
  }

  /** @throws StoreException if a later version of Tranche wrote it */
  static Checkpoint read(String text, Tally tally, boolean complete) {
    JsonNode json = MAPPER.readTree(text);
    int version = json.path("version").asInt(0);
    if (version != VERSION) {
      throw new StoreException("a checkpoint has version "
          + version
          + ", and this Tranche knows version "
          + VERSION
          + " only. Restart with the version of Tranche that wrote it");
    }
    List<DoneRange> done = new ArrayList<>();
    for (JsonNode range : json.path("done")) {
      done.add(new DoneRange(
          position(range.required("from")),
          position(range.required("to")),
          range.required("items").asLong(),
          digest(range.get("digest"))));
    }
    List<Segment> segments = new ArrayList<>();
    for (JsonNode segment : json.path("segments")) {
      segments.add(
          new Segment(segment.required("owner").asLong(), digest(segment.get("digest"))));
    }
    JsonNode watermark = json.get("watermark");
    return new Checkpoint(
        watermark == null ? null : position(watermark),
        digest(json.get("digest")),
        done,
        tally,
        complete,
        segments,
        json.path("context").asString(""));
  }

  private static Position position(JsonNode json) {
    return new Position(
        json.required("key").asString(),
        json.required("ordinal").asLong(),
        json.required("line").asLong());
  }

  private static Digest digest(@Nullable JsonNode json) {
    return json == null
        ? Digest.NONE
        : new Digest(json.required("crc").asInt(), json.required("length").asLong());
  }
}

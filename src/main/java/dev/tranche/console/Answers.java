package dev.tranche.console;

import dev.tranche.definition.Secrets;
import dev.tranche.json.Json;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Answers in JSON, as the command line would print it, without secrets. Safe for all threads. */
final class Answers {

  static final int LONGEST_PAGE = 1000;

  private final Secrets secrets;

  Answers(Secrets secrets) {
    this.secrets = secrets;
  }

  ResponseEntity<String> ok(Object shape) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json(shape));
  }

  /** Something begins, and can be looked at where {@code location} says. */
  ResponseEntity<String> accepted(URI location, Object shape) {
    return ResponseEntity.status(HttpStatus.ACCEPTED)
        .location(location)
        .contentType(MediaType.APPLICATION_JSON)
        .body(json(shape));
  }

  /** @param next what the address of the next page has; null if this is the last one */
  ResponseEntity<String> page(Object shape, @Nullable Map<String, Object> next) {
    ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
    if (next != null) {
      ServletUriComponentsBuilder address = ServletUriComponentsBuilder.fromCurrentRequest();
      next.forEach(address::replaceQueryParam);
      answer.header(HttpHeaders.LINK, "<" + address.encode().toUriString() + ">; rel=\"next\"");
    }
    return answer.contentType(MediaType.APPLICATION_JSON).body(json(shape));
  }

  /** One page of a list that is there as a whole. */
  <T> ResponseEntity<String> page(
      List<T> all, int offset, int limit, Function<T, Map<String, @Nullable Object>> shape) {
    requireLimit(limit);
    requireOffset(offset);
    List<T> page = all.stream().skip(offset).limit(limit).toList();
    boolean more = offset + (long) limit < all.size();
    return page(Json.list(page, shape), more ? Map.of("offset", offset + limit) : null);
  }

  static void requireLimit(int limit) {
    if (limit < 1 || limit > LONGEST_PAGE) {
      throw new WrongRequestException(
          "limit is " + limit + "; it must be from 1 to " + LONGEST_PAGE + ".");
    }
  }

  static void requireOffset(int offset) {
    if (offset < 0) {
      throw new WrongRequestException("offset is " + offset + "; it must be at least 0.");
    }
  }

  private String json(Object shape) {
    return secrets.mask(Json.text(shape));
  }
}

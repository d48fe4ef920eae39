package dev.tranche.example;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
public class FetchPages {

  private static final Columns FETCHED =
      new Columns(
          List.of(new Column("url", ColumnType.STRING), new Column("html", ColumnType.STRING)));
  private static final Columns PARSED =
      new Columns(
          List.of(
              new Column("url", ColumnType.STRING),
              new Column("title", ColumnType.STRING),
              new Column("words", ColumnType.LONG)));
  private static final Pattern TITLE = Pattern.compile("<title>(.*?)</title>");

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  /** The first stage waits: the client works asynchronously, and its answer comes later. */
  @Bean
  ItemProcessor<Row, CompletionStage<Row>> fetcher() {
    return page -> {
      String url = String.valueOf(page.get("url"));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build();
      return client
          .sendAsync(request, BodyHandlers.ofString())
          .thenApply(answer -> new Row(FETCHED, new Object[] {url, body(answer)}));
    };
  }

  /** What is not there is a bad item; what may be there later is tried again. */
  private static String body(HttpResponse<String> answer) {
    if (answer.statusCode() == 404) {
      throw new ItemError("there is no such page", "url");
    }
    if (answer.statusCode() != 200) {
      throw new UncheckedIOException(new IOException("HTTP status " + answer.statusCode()));
    }
    return answer.body();
  }

  /** The second stage computes. */
  @Bean
  ItemProcessor<Row, Row> parser() {
    return page -> {
      String html = String.valueOf(page.get("html"));
      Matcher title = TITLE.matcher(html);
      if (!title.find()) {
        throw new ItemError("the page has no title", "html");
      }
      String text = html.replaceAll("<[^>]*>", " ").strip();
      return new Row(
          PARSED, new Object[] {page.get("url"), title.group(1), (long) text.split("\\s+").length});
    };
  }
}

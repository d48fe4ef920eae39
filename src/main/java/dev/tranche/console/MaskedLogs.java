package dev.tranche.console;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.tranche.definition.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Keeps secrets out of the application's own log, whatever its format. */
final class MaskedLogs implements AutoCloseable {

  private final Map<OutputStreamAppender<ILoggingEvent>, Encoder<ILoggingEvent>> before =
      new LinkedHashMap<>();

  MaskedLogs(Secrets secrets) {
    LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
    Iterator<Appender<ILoggingEvent>> appenders =
        logback.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
    while (appenders.hasNext()) {
      if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
        Encoder<ILoggingEvent> encoder = appender.getEncoder();
        before.put(appender, encoder);
        appender.setEncoder(new Masking(encoder, secrets));
      }
    }
  }

  @Override
  public void close() {
    before.forEach(OutputStreamAppender::setEncoder);
  }

  private static final class Masking extends EncoderBase<ILoggingEvent> {

    private final Encoder<ILoggingEvent> encoder;
    private final Secrets secrets;

    private Masking(Encoder<ILoggingEvent> encoder, Secrets secrets) {
      this.encoder = encoder;
      this.secrets = secrets;
      start();
    }

    @Override
    public byte[] headerBytes() {
      return encoder.headerBytes();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
      return secrets.mask(line).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
      return encoder.footerBytes();
    }
  }
}

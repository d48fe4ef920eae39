package dev.tranche.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;

class CompressionTest {

  @Test
  void isTheOneThatTheNameSays() {
    assertThat(Compression.of("a.csv")).isEqualTo(Compression.NONE);
    assertThat(Compression.of("a.gz.csv")).isEqualTo(Compression.NONE);
    assertThat(Compression.of("A.CSV.GZ")).isEqualTo(Compression.GZIP);
    assertThat(Compression.of("a.csv.zst")).isEqualTo(Compression.ZSTD);
  }

  @Test
  void saysWhatIsMissingWhereALibraryIsNotThere() {
    ClassLoader without = new FilteredClassLoader("com.github.luben.zstd");

    assertThat(Compression.GZIP.missing(without)).isNull();
    assertThat(Compression.ZSTD.missing()).isNull();
    assertThat(Compression.ZSTD.missing(without))
        .isEqualTo("needs the library com.github.luben:zstd-jni, which this application does not"
            + " have. Add it to the application, or use '.gz'");
  }
}

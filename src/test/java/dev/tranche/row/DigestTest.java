package dev.tranche.row;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DigestTest {

  @Property
  void digestsOfAdjoiningPartsCombineIntoTheDigestOfTheWhole(
      @ForAll @Size(max = 500) byte[] bytes, @ForAll int at) {
    int cut = bytes.length == 0 ? 0 : Math.floorMod(at, bytes.length + 1);

    Digest combined = Digest.of(bytes, 0, cut).then(Digest.of(bytes, cut, bytes.length));

    assertThat(combined).isEqualTo(Digest.of(bytes, 0, bytes.length));
  }

  @Property
  void theDigestOfTheRestIsThatOfTheWholeWithoutThePrefix(
      @ForAll @Size(max = 500) byte[] bytes, @ForAll int at) {
    int cut = bytes.length == 0 ? 0 : Math.floorMod(at, bytes.length + 1);

    Digest rest = Digest.of(bytes, 0, bytes.length).without(Digest.of(bytes, 0, cut));

    assertThat(rest).isEqualTo(Digest.of(bytes, cut, bytes.length));
  }

  /** The powers of x repeat after 2^31 - 1 for this polynomial, and not after 2^32 - 1. */
  @Test
  void digestsOfManyGigabytesCombineInAnyOrder() {
    Digest zeros = Digest.of(new byte[] {0, 1, 2}, 0, 3);
    for (int i = 0; i < 34; i++) {
      zeros = zeros.then(zeros);
    }
    Digest one = Digest.of(new byte[] {7}, 0, 1);

    assertThat(one.then(zeros).then(one)).isEqualTo(one.then(zeros.then(one)));
    assertThat(zeros.then(one).without(zeros)).isEqualTo(one);
  }
}

package dev.tranche.row;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class DigestTest {

  @Property
  void digestsOfAdjoiningPartsCombineIntoTheDigestOfTheWhole(
      @ForAll @Size(max = 500) byte[] bytes, @ForAll int at) {
    int cut = bytes.length == 0 ? 0 : Math.floorMod(at, bytes.length + 1);

    Digest combined = Digest.of(bytes, 0, cut).then(Digest.of(bytes, cut, bytes.length));

    assertThat(combined).isEqualTo(Digest.of(bytes, 0, bytes.length));
  }
}

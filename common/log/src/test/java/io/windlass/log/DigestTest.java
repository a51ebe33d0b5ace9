package io.windlass.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DigestTest {
    private static final byte[] FIRST =
            "The first half, put down by one version, ".repeat(3).getBytes(UTF_8);
    private static final byte[] SECOND = "and the second half.".getBytes(UTF_8);

    /** As the library's version 1.81 wrote it, which services of the version before run with. */
    private static final String PUT_DOWN =
            "biwgAAAAAAMAAAAAAAAAe+0r04qpbCmoLk1mpt/A0T+f11hql8HuBj5GXWZXU0Y1AAAADm4gYnkgb25lIHZlcnNpb24s"
                    + "IFRoZSBmaXJzdCBoYWxmLCBwdXQgZG93biBieSBvbmUgdmVyc2lvCQ==";

    @Test
    void shouldTakeUpWhatAnEarlierVersionPutDown() {
        Digest digest = Digest.takenUp(PUT_DOWN);
        digest.update(SECOND, 0, SECOND.length);
        assertThat(digest.hex())
                .isEqualTo("c2b8ea7e3c3d92b887c2a1fd05d820b1adb811478d26c60895f9ba90fe902fe8");
    }

    @Test
    void shouldPutDownWhatAnEarlierVersionTakesUp() {
        Digest digest = new Digest();
        digest.update(FIRST, 0, FIRST.length);
        assertThat(digest.putDown()).isEqualTo(PUT_DOWN);
    }
}

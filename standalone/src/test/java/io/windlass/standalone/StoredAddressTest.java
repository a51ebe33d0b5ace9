package io.windlass.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredAddressTest {
    @TempDir Path data;

    @Test
    void shouldBeThereAsLongAsItListens() throws IOException {
        StoredAddress stored = StoredAddress.write(data, "http://127.0.0.1:18080");
        assertThat(data.resolve("address")).hasContent("http://127.0.0.1:18080");
        stored.remove();
        assertThat(data.resolve("address")).doesNotExist();
        stored.remove();
    }

    @Test
    void shouldNotRemoveTheAddressOfAnother() throws IOException {
        StoredAddress stored = StoredAddress.write(data, "http://127.0.0.1:18080");
        StoredAddress.write(data, "http://127.0.0.1:18081");
        stored.remove();
        assertThat(Files.readString(data.resolve("address"))).isEqualTo("http://127.0.0.1:18081\n");
    }
}

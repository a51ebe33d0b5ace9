package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.schedule.Zones;
import io.windlass.testing.TzifFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZoneFilesTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    @TempDir Path folder;

    /** As it would be after a decision that the JDK has not heard of. */
    private Zones withBerlinAtPlusFive() throws IOException {
        Path file = folder.resolve("Europe/Berlin");
        Files.createDirectories(file.getParent());
        Files.write(
                file, TzifFile.of(ZoneOffset.ofHours(5).getRules(), Instant.EPOCH, NOW, "<+05>-5"));
        return new ZoneFiles(folder);
    }

    @Test
    void shouldGoByTheFileAndElseByTheJdk() throws Exception {
        Zones zones = withBerlinAtPlusFive();
        assertThat(zones.rules("Europe/Berlin").orElseThrow().getOffset(NOW))
                .isEqualTo(ZoneOffset.ofHours(5));
        assertThat(zones.rules("Asia/Kolkata")).contains(ZoneId.of("Asia/Kolkata").getRules());
        assertThat(zones.rules("Mars/Olympus")).isEmpty();
    }

    @Test
    void shouldReadNothingOutsideItsFolderAndNothingThatIsNoZone() throws Exception {
        withBerlinAtPlusFive();
        Zones below = new ZoneFiles(Files.createDirectory(folder.resolve("below")));
        assertThat(below.rules("../Europe/Berlin")).isEmpty();
        assertThat(below.rules("/etc/passwd")).isEmpty();
        Files.writeString(folder.resolve("below/UTC"), "not of that kind");
        assertThat(below.rules("UTC")).as("the JDK's").isPresent();
        assertThatThrownBy(() -> new ZoneFiles(folder.resolve("absent")))
                .hasMessageContaining("windlass.schedules.zones");
    }
}

package io.windlass.store;

import io.windlass.schedule.Tzif;
import io.windlass.schedule.Zones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.zone.ZoneRules;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder as systems have it in {@code /usr/share/zoneinfo}: a zone's rules are read at its first
 * use. The JDK has those that are not there.
 */
final class ZoneFiles implements Zones {
    private static final Logger LOG = LoggerFactory.getLogger(ZoneFiles.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}");

    private final Path folder;
    private final Zones otherwise = Zones.ofJdk();
    private final Map<String, Optional<ZoneRules>> read = new ConcurrentHashMap<>();

    ZoneFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "windlass.schedules.zones is no folder that can be read: " + folder);
        }
        this.folder = folder;
    }

    @Override
    public Optional<ZoneRules> rules(String zone) {
        return NAME.matcher(zone).matches()
                ? read.computeIfAbsent(zone, this::read).or(() -> otherwise.rules(zone))
                : otherwise.rules(zone);
    }

    private Optional<ZoneRules> read(String zone) {
        Path file = folder.resolve(zone);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Tzif.rules(Files.readAllBytes(file)));
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("zone {}: {} {}; the JDK's rules are used", zone, file, e.getMessage());
            return Optional.empty();
        }
    }
}

package io.windlass.testing;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a clock on a wall shows, minute by minute; each zone's is looked at once. */
final class WallClock {
    private record Shown(ZoneId zone, Instant from, Instant to) {}

    private static final Map<Shown, List<LocalDateTime>> SHOWN = new HashMap<>();

    private WallClock() {}

    static List<LocalDateTime> minutes(ZoneId zone, Instant from, Instant to) {
        return SHOWN.computeIfAbsent(new Shown(zone, from, to), WallClock::look);
    }

    private static List<LocalDateTime> look(Shown shown) {
        List<LocalDateTime> minutes = new ArrayList<>();
        for (Instant at = shown.from(); !at.isAfter(shown.to()); at = at.plusSeconds(60)) {
            minutes.add(LocalDateTime.ofInstant(at, shown.zone()));
        }
        return minutes;
    }
}

package io.windlass.schedule;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.Optional;

/** The rules of a zone by its name. */
public interface Zones {
    Optional<ZoneRules> rules(String zone);

    /** Those of the JDK. */
    static Zones ofJdk() {
        return zone -> {
            try {
                return Optional.of(ZoneId.of(zone).getRules());
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        };
    }
}

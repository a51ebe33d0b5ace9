package io.windlass.schedules;

import io.windlass.service.WindlassServer;
import java.util.Map;

/** The schedules-processor as a process of its own. */
public final class Application {
    private Application() {}

    public static void main(String[] args) {
        var server = WindlassServer.build("schedules-processor", 8120, args);
        // nobody waits for an answer here: better late than begun again
        server.properties(
                Map.of("windlass.database.patience", "${WINDLASS_DATABASE_PATIENCE:10s}"));
        server.start();
    }
}

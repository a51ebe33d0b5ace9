package io.windlass.processor;

import io.windlass.service.WindlassServer;
import java.util.Map;

/** The messages-processor as a process of its own. */
public final class Application {
    private Application() {}

    public static void main(String[] args) {
        var server = WindlassServer.build("messages-processor", 8090, args);
        // nobody waits for an answer here: better late than begun again
        server.properties(
                Map.of("windlass.database.patience", "${WINDLASS_DATABASE_PATIENCE:10s}"));
        server.start();
    }
}

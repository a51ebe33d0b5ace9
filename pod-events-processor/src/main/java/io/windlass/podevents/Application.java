package io.windlass.podevents;

import io.windlass.service.WindlassServer;

/** The pod-events-processor as a process of its own. */
public final class Application {
    private Application() {}

    public static void main(String[] args) {
        WindlassServer.build("pod-events-processor", 8110, args).start();
    }
}

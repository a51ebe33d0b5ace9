package io.windlass.processor;

import io.windlass.service.WindlassServer;

/** The messages-processor as a process of its own. */
public final class Application {
    private Application() {}

    public static void main(String[] args) {
        WindlassServer.build("messages-processor", 8090, args).start();
    }
}

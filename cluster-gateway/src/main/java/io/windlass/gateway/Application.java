package io.windlass.gateway;

import io.windlass.service.WindlassServer;

/** The cluster-gateway as a process of its own. */
public final class Application {
    private Application() {}

    public static void main(String[] args) {
        WindlassServer.build("cluster-gateway", 8130, args).start();
    }
}

package io.windlass.jobstatus;

import io.windlass.service.WindlassServer;

/** The job-status-processor as a process of its own. */
public final class Application {
    private Application() {}

    public static void main(String[] args) {
        WindlassServer.build("job-status-processor", 8100, args).start();
    }
}

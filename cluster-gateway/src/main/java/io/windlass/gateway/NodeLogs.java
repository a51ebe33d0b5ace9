package io.windlass.gateway;

import io.windlass.log.Position;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What nodes keep of what containers write: as it is now, or as it comes. */
interface NodeLogs {
    /** One run of a container. */
    record Source(String namespace, String pod, String container, boolean previous) {}

    /** The pod is not there any more. */
    final class GoneException extends IOException {
        private static final long serialVersionUID = 1L;

        GoneException(String message) {
            super(message);
        }
    }

    /** There is a pod, and yet no log. */
    final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * With the times of lines. A node may answer only once there is a first line: this waits as
     * long where it follows.
     *
     * @param after what was read of it before
     */
    InputStream open(Source source, boolean follow, @Nullable Position after)
            throws IOException, InterruptedException;
}

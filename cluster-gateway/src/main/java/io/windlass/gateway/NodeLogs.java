package io.windlass.gateway;

import io.windlass.log.Position;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
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

    /** An answer came, and it is no log. */
    final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        RefusedException(int status, String why) {
            super(status + ": " + why);
            this.status = status;
        }

        int status() {
            return status;
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }

    /** Nor will there ever be another answer: its node gives no logs. */
    final class NoneException extends IOException {
        private static final long serialVersionUID = 1L;

        NoneException(String message, RefusedException cause) {
            super(message, cause);
        }
    }

    /** What of it. */
    sealed interface Part {
        /**
         * All that comes, from a position on. A node may answer only once there is a first line.
         */
        record Following(@Nullable Position after) implements Part {}

        /** What there is now, from a position on. */
        record Present(@Nullable Position after) implements Part {}

        /** The last lines of what there is now. */
        record End(int lines) implements Part {}
    }

    /** With the times of lines; more may come than was asked for, before it. */
    InputStream open(Source source, Part part) throws IOException, InterruptedException;

    /** It is known to give none: whoever asks often wastes its time. */
    default boolean givesNone() {
        return false;
    }
}

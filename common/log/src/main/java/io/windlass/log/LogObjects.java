package io.windlass.log;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Where the pieces of logs lie. What is put under a key twice is there once. */
public interface LogObjects {
    void put(Map<String, byte[]> objects);

    Optional<byte[]> get(String key);

    /** None of those that are not there is an error. */
    void delete(Collection<String> keys);

    /** They cannot be reached now; what was asked for may or may not have been done. */
    final class AwayException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public AwayException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}

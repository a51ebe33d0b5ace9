package io.windlass.harness;

import java.time.Duration;
import java.util.Map;

/** What the failing registry does with one request. */
sealed interface FailingRegistryAnswer {
    /** The connection is closed without an answer. */
    record Drop() implements FailingRegistryAnswer {}

    record Json(int status, Map<String, String> headers, String body)
            implements FailingRegistryAnswer {}

    /** The real registry answers, after a pause. */
    record Forward(Duration after, String path) implements FailingRegistryAnswer {}
}

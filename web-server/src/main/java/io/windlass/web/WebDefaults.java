package io.windlass.web;

import java.util.Map;

/** What the HTTP server needs beside what every service has. */
public final class WebDefaults {
    private WebDefaults() {}

    /**
     * The page at /docs and its assets. Bodies are read as they come, and counted: the server
     * itself collects none that is longer than a job.
     */
    public static Map<String, Object> properties() {
        return Map.of(
                "micronaut.router.static-resources.docs.paths",
                "classpath:META-INF/swagger/views/swagger-ui",
                "micronaut.router.static-resources.docs.mapping",
                "/docs/**",
                "micronaut.server.max-request-buffer-size",
                "262144",
                // a stream has no size: what is read of it is bounded line by line
                "micronaut.server.max-request-size",
                Long.toString(Long.MAX_VALUE),
                "micronaut.server.netty.max-header-size",
                "16384",
                // a few bytes may unpack to gigabytes
                "micronaut.server.netty.request-decompression-enabled",
                "false");
    }
}

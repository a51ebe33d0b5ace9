package io.windlass.service;

import io.micronaut.runtime.Micronaut;
import java.util.HashMap;
import java.util.Map;

/**
 * How every service is started: the same defaults; WINDLASS_HOST, WINDLASS_PORT and
 * WINDLASS_MANAGEMENT_PORT change where it listens, WINDLASS_CA_BUNDLE whom it trusts.
 */
public final class WindlassServer {
    private WindlassServer() {}

    public static Micronaut build(String service, int port, String... args) {
        TrustedAuthorities.addThoseOf(System.getenv(TrustedAuthorities.VARIABLE));
        Micronaut micronaut = Micronaut.build(args);
        micronaut.banner(false).deduceEnvironment(false).properties(defaults(service, port));
        return micronaut;
    }

    public static Map<String, Object> defaults(String service, int port) {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put("micronaut.application.name", service);
        defaults.put("micronaut.server.port", "${WINDLASS_PORT:" + port + "}");
        defaults.put("micronaut.server.host", "${WINDLASS_HOST:0.0.0.0}");
        defaults.put("micronaut.lifecycle.graceful-shutdown.enabled", true);
        // of its own, so that a server that stops listens until the graceful shutdown says not to
        defaults.put("micronaut.netty.event-loops.parent.num-threads", 1);
        defaults.put("endpoints.all.enabled", false);
        defaults.put("endpoints.all.sensitive", false);
        defaults.put("endpoints.all.port", "${WINDLASS_MANAGEMENT_PORT:" + (port + 1) + "}");
        defaults.put("endpoints.health.enabled", true);
        defaults.put("endpoints.health.details-visible", "ANONYMOUS");
        defaults.put("endpoints.prometheus.enabled", true);
        defaults.put("micronaut.metrics.enabled", true);
        defaults.put("micronaut.metrics.export.prometheus.enabled", true);
        defaults.put("micronaut.metrics.export.prometheus.step", "PT1M");
        defaults.put("endpoints.health.disk-space.enabled", false);
        return defaults;
    }
}

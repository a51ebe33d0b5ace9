package io.windlass.web;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.runtime.graceful.GracefulShutdownConfiguration;
import io.micronaut.runtime.graceful.GracefulShutdownListener;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients keep connections, and one that is closed while a request is on its way fails that
 * request. Micronaut closes at once whatever is idle; so who leaves first goes on to answer for a
 * while, and says with every answer that its connection ends. Meanwhile new connections are led
 * elsewhere.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Replaces(GracefulShutdownListener.class)
final class Farewell implements ApplicationEventListener<ShutdownEvent>, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

    private final ApiSettings settings;
    private final GracefulShutdownManager rest;
    private final GracefulShutdownConfiguration limits;
    private volatile boolean leaving;

    Farewell(
            ApiSettings settings,
            GracefulShutdownManager rest,
            GracefulShutdownConfiguration limits) {
        this.settings = settings;
        this.rest = rest;
        this.limits = limits;
    }

    @ResponseFilter
    void say(MutableHttpResponse<?> response) {
        if (leaving) {
            response.header(HttpHeaders.CONNECTION, "close");
        }
    }

    @Override
    public void onApplicationEvent(ShutdownEvent event) {
        leaving = true;
        try {
            TimeUnit.MILLISECONDS.sleep(settings.farewell().toMillis());
            rest.shutdownGracefully()
                    .toCompletableFuture()
                    .get(limits.getGracePeriod().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("requests that are not answered in time are broken off", e);
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}

package io.windlass.gateway;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How this gateway is found, and how long it is believed to live.
 *
 * @param address where web-server reaches it; without one the name of this machine and its port
 * @param lease how long its pods wait for it once it gives no sign
 */
@ConfigurationProperties("windlass.gateway")
public record GatewaySettings(
        @Nullable String address, @Bindable(defaultValue = "15s") Duration lease) {

    public GatewaySettings {
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("windlass.gateway.lease is at least 1s");
        }
    }
}

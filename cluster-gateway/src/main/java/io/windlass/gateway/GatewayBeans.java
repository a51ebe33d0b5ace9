package io.windlass.gateway;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.windlass.service.Machine;
import io.windlass.store.LogClaims;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;

@Factory
final class GatewayBeans {
    /** Another for every life of a process: what an earlier one held it has lost. */
    @Singleton
    LogClaims.Holder holder(
            GatewaySettings settings,
            Machine machine,
            @Value("${micronaut.server.host}") String host,
            @Value("${micronaut.server.port}") int port) {
        String address = settings.address();
        return new LogClaims.Holder(
                machine.randomId(),
                address == null ? "http://" + reachable(host) + ":" + port : address,
                settings.lease());
    }

    private static String reachable(String host) {
        if (!host.equals("0.0.0.0")) {
            return host;
        }
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("set windlass.gateway.address", e);
        }
    }
}

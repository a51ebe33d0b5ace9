package io.windlass.web;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.windlass.service.WindlassServer;

/** The web-server as a process of its own. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Windlass",
                        version = "v1",
                        description =
                                "A job control plane for Kubernetes. A 202 is a promise: exactly one final answer, with the evidence."),
        security = @SecurityRequirement(name = "token"))
@SecurityScheme(name = "token", type = SecuritySchemeType.HTTP, scheme = "bearer")
public final class Application {
    private Application() {}

    public static void main(String[] args) {
        var server = WindlassServer.build("web-server", 8080, args);
        server.properties(WebDefaults.properties());
        server.start();
    }
}

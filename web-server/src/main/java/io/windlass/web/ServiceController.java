package io.windlass.web;

import io.micronaut.core.io.ResourceLoader;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What is open to everybody: that it lives, and how it is spoken to. */
@Controller
@Hidden
final class ServiceController {
    private final String openApi;

    ServiceController(ResourceLoader resources) {
        try (InputStream in =
                resources
                        .getResourceAsStream("classpath:META-INF/swagger/openapi.yml")
                        .orElseThrow()) {
            openApi = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Get("/healthz")
    @Produces(MediaType.APPLICATION_JSON)
    String health() {
        return "{\"message\":\"ok\",\"status\":200}";
    }

    @Get("/openapi.yml")
    @Produces("application/yaml")
    String openApi() {
        return openApi;
    }

    @Get("/docs")
    HttpResponse<?> docs() {
        return HttpResponse.redirect(URI.create("/docs/index.html"));
    }
}

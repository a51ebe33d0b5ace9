package io.windlass.gateway;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.windlass.messages.CallSignature;
import io.windlass.messages.Installation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Only services of this installation are answered. */
@ServerFilter(SignatureFilter.INTERNAL + "/**")
final class SignatureFilter {
    static final String INTERNAL = "/internal/v1";

    private final CallSignature signature;

    SignatureFilter(Installation installation) {
        this.signature = new CallSignature(installation);
    }

    @RequestFilter
    @Nullable HttpResponse<?> check(HttpRequest<?> request) {
        String time = request.getHeaders().get(CallSignature.TIME);
        String given = request.getHeaders().get(CallSignature.SIGNATURE);
        boolean valid =
                time != null
                        && given != null
                        && signature.isValid(
                                request.getMethodName(),
                                request.getUri().toString(),
                                time,
                                given,
                                Instant.now());
        return valid ? null : HttpResponse.status(HttpStatus.UNAUTHORIZED);
    }
}

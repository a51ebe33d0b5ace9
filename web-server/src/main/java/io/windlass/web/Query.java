package io.windlass.web;

import io.micronaut.http.HttpParameters;
import io.micronaut.http.HttpRequest;
import io.windlass.job.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a call, read strictly: what is not known or not readable is a 400 that names
 * it.
 */
final class Query {
    private static final int MOST = 500;
    private static final int USUAL = 100;
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private final HttpParameters parameters;

    Query(HttpRequest<?> request, Set<String> known) {
        parameters = request.getParameters();
        for (String name : parameters.names()) {
            if (!known.contains(name)) {
                throw malformed(
                        name, "is not a parameter of this call; there are " + sorted(known));
            }
        }
    }

    private static List<String> sorted(Set<String> known) {
        return known.stream().sorted().toList();
    }

    static ProblemException malformed(String parameter, String why) {
        return new ProblemException(Problem.MALFORMED, "the parameter " + parameter + " " + why);
    }

    List<String> all(String name) {
        return parameters.getAll(name);
    }

    Optional<String> text(String name) {
        List<String> values = parameters.getAll(name);
        if (values.size() > 1) {
            throw malformed(name, "may be given once");
        }
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.getFirst().indexOf('\0') >= 0) {
            throw malformed(name, "must not contain a NUL character");
        }
        return Optional.of(values.getFirst());
    }

    /** How many a page may have. */
    int limit() {
        return number("limit", USUAL, 1, MOST);
    }

    /** Where to go on, as a page before said. */
    <T> @Nullable T cursor(Function<String, Optional<T>> read) {
        return text("cursor")
                .map(text ->
                        read.apply(text).orElseThrow(() -> malformed("cursor", "is none of ours")))
                .orElse(null);
    }

    boolean flag(String name) {
        return text(name)
                .map(text ->
                        switch (text) {
                            case "true", "" -> true;
                            case "false" -> false;
                            default -> throw malformed(name, "must be true or false");
                        })
                .orElse(false);
    }

    int number(String name, int otherwise, int min, int max) {
        return text(name)
                .map(text -> {
                    if (!text.matches("\\d{1,9}")
                            || Integer.parseInt(text) < min
                            || Integer.parseInt(text) > max) {
                        throw malformed(name, "must be from " + min + " to " + max);
                    }
                    return Integer.parseInt(text);
                })
                .orElse(otherwise);
    }

    Optional<Instant> instant(String name) {
        return text(name)
                .map(text -> {
                    try {
                        Instant instant = OffsetDateTime.parse(text).toInstant();
                        if (!isStorable(instant)) {
                            throw malformed(name, "must be in the years 1970 to 9999");
                        }
                        return instant;
                    } catch (DateTimeException e) {
                        throw malformed(name, "must be a time such as 2026-01-31T12:00:00Z");
                    }
                });
    }

    /** The database knows not all that there are. */
    static boolean isStorable(Instant instant) {
        return !instant.isBefore(Instant.EPOCH) && instant.isBefore(END);
    }

    Optional<Duration> duration(String name, Duration max) {
        return text(name)
                .map(text -> {
                    Duration duration =
                            Durations.parse(text)
                                    .orElseThrow(() ->
                                            malformed(name, "must be a duration such as 30s"));
                    if (duration.isNegative() || duration.compareTo(max) > 0) {
                        throw malformed(name, "must be at most " + Durations.format(max));
                    }
                    return duration;
                });
    }
}

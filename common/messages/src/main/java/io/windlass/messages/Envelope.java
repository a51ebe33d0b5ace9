package io.windlass.messages;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message with where it comes from. {@code observedAt} is for people: no decision reads it. */
public record Envelope(
        UUID id,
        UUID installation,
        String cluster,
        Instant observedAt,
        @Nullable String traceparent,
        Message message) {}

package io.windlass.job;

/** An event about a pod or a Job; it is told again with a higher count each time it happens. */
public record EventSeen(String reason, String message, long count) {}

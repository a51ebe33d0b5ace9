package io.windlass.job;

/** What is wrong with a field, named by JSON pointer. */
public record FieldError(String pointer, String message) {}

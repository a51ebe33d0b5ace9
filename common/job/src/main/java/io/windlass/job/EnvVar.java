package io.windlass.job;

/** One variable of a container's environment. */
public sealed interface EnvVar {
    String name();

    record Plain(String name, String value) implements EnvVar {}

    record FromSecret(String name, String secret, String key) implements EnvVar {}

    record FromConfigMap(String name, String configMap, String key) implements EnvVar {}
}

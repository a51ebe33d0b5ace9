package io.windlass.job;

import java.util.regex.Pattern;

/** The forms of names that Kubernetes and registries accept. */
final class Syntax {
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DNS_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LABEL_NAME =
            Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern ENV_NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");

    private Syntax() {}

    static boolean dnsLabel(String text) {
        return DNS_LABEL.matcher(text).matches();
    }

    static boolean dnsName(String text) {
        return text.length() <= 253 && DNS_NAME.matcher(text).matches();
    }

    static boolean labelKey(String key) {
        int slash = key.indexOf('/');
        return (slash < 0 || dnsName(key.substring(0, slash)))
                && LABEL_NAME.matcher(key.substring(slash + 1)).matches();
    }

    static boolean labelValue(String value) {
        return value.isEmpty() || LABEL_NAME.matcher(value).matches();
    }

    static boolean envName(String name) {
        return name.length() <= 253 && ENV_NAME.matcher(name).matches();
    }

    static boolean configKey(String key) {
        return CONFIG_KEY.matcher(key).matches();
    }

    /** Of a resource: there is none of which a container could have less than nothing. */
    static boolean quantity(String text) {
        return Quantities.parse(text).filter(amount -> amount.signum() >= 0).isPresent();
    }
}

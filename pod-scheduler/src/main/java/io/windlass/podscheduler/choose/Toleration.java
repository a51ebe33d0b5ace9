package io.windlass.podscheduler.choose;

/** Empty texts stand for any key and any effect, as in Kubernetes. */
public record Toleration(String key, String operator, String value, String effect) {
    boolean tolerates(Taint taint) {
        return (effect.isEmpty() || effect.equals(taint.effect()))
                && (key.isEmpty() || key.equals(taint.key()))
                && switch (operator) {
                    case "Exists" -> true;
                    case "", "Equal" -> value.equals(taint.value());
                    // of a Kubernetes that knows more than this: rather too strict than too lax
                    default -> false;
                };
    }
}

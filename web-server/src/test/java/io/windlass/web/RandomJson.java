package io.windlass.web;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Any JSON, its extremes too, and fields that are sometimes of the wrong kind. */
class RandomJson {
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "1",
                    "-1",
                    "7",
                    "1.5",
                    "8080",
                    "1e2",
                    "2.50e1",
                    "-0",
                    "0.000",
                    "1e-7",
                    "12345678901234567890",
                    "1e39",
                    "1e40",
                    "1e200",
                    "1e-200",
                    "-1e200",
                    "1e131073",
                    "1e2147483647",
                    "1e-2147483648",
                    "1e99999999999",
                    "0e200",
                    "0.1234567890123456789012345678901234567890",
                    "100e2147483647",
                    "9".repeat(40),
                    "9".repeat(41),
                    "9".repeat(150));
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a",
                    "b:1",
                    "x y",
                    "${a}",
                    "\\u0000",
                    "a\\u0000b",
                    "\\ud83d",
                    "\\ude00\\ud83d",
                    "\\ud83d\\ude00",
                    "\\uffff",
                    "\\ufffe",
                    "\\ufffd",
                    "\\u0001",
                    "\\n",
                    "\\\"",
                    "é",
                    "\uD83D\uDE00",
                    "null",
                    "1e200",
                    "{}",
                    "a/b~c",
                    "500m",
                    "10m",
                    "Always",
                    "1s".repeat(500));
    private static final List<String> KEYS =
            List.of(
                    "a",
                    "name",
                    "value",
                    "image",
                    "x/y",
                    "~",
                    "é",
                    "ports",
                    "containerPort",
                    "env",
                    "containers",
                    "podSpec",
                    "secretKeyRef",
                    "hostPath",
                    "runAsUser",
                    "privileged");
    private static final List<String> ODD_KEYS = List.of("", "\\u0000", "\\uffff", "\\ud83d", "__");

    /** Of neighbouring seeds a Random would choose the same at first. */
    private final SplittableRandom random;

    RandomJson(long seed) {
        random = new SplittableRandom(seed);
    }

    final boolean one(int of) {
        return random.nextInt(of) == 0;
    }

    final <T> T of(List<T> these) {
        return these.get(random.nextInt(these.size()));
    }

    static final String quoted(String text) {
        return "\"" + text + "\"";
    }

    final int below(int bound) {
        return random.nextInt(bound);
    }

    final String number() {
        return of(NUMBERS);
    }

    final String text() {
        return of(TEXTS);
    }

    /** Any value at all. */
    final String tree(int depth) {
        int kind = random.nextInt(depth > 0 ? 9 : 6);
        return switch (kind) {
            case 0 -> one(3) ? of(NUMBERS) : NUMBERS.get(random.nextInt(6));
            case 1, 2 -> quoted(one(5) ? of(TEXTS) : TEXTS.get(random.nextInt(5)));
            case 3 -> "true";
            case 4 -> "null";
            case 5 -> one(50) ? "[".repeat(80) + "]".repeat(80) : "{}";
            case 6 -> list(() -> tree(depth - 1));
            default -> object(depth);
        };
    }

    final String list(Supplier<String> item) {
        StringBuilder out = new StringBuilder("[");
        int items = random.nextInt(4);
        for (int i = 0; i < items; i++) {
            out.append(i == 0 ? "" : ",").append(item.get());
        }
        return out.append("]").toString();
    }

    private String object(int depth) {
        StringBuilder out = new StringBuilder("{");
        int fields = random.nextInt(4);
        for (int i = 0; i < fields; i++) {
            String key = one(30) ? of(ODD_KEYS) : of(KEYS) + (one(40) ? "" : i);
            out.append(i == 0 ? "" : ",").append(quoted(key)).append(':').append(tree(depth - 1));
        }
        return out.append("}").toString();
    }

    /** What it should be, as a rule. */
    final String field(String name, Supplier<String> right) {
        return "," + quoted(name) + ":" + (one(60) ? tree(3) : right.get());
    }

    final String perhaps(String name, Supplier<String> right) {
        return one(4) ? field(name, right) : "";
    }
}

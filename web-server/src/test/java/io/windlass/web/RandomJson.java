package io.windlass.web;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Texts of bodies, most of them nearly right: each field is sometimes of the wrong kind, and
 * somewhere deep inside are the extremes of JSON.
 */
final class RandomJson {
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

    private final Random random;

    RandomJson(long seed) {
        random = new Random(seed);
    }

    private boolean one(int of) {
        return random.nextInt(of) == 0;
    }

    private <T> T of(List<T> these) {
        return these.get(random.nextInt(these.size()));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    /** Any value at all. */
    String tree(int depth) {
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

    private String list(Supplier<String> item) {
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
    private String field(String name, Supplier<String> right) {
        return "," + quoted(name) + ":" + (one(60) ? tree(3) : right.get());
    }

    private String perhaps(String name, Supplier<String> right) {
        return one(4) ? field(name, right) : "";
    }

    private String variable() {
        return "{\"name\":\"A"
                + random.nextInt(1_000_000)
                + "\""
                + field("value", () -> quoted(one(10) ? of(TEXTS) : "v"))
                + "}";
    }

    private String container() {
        return "{\"name\":\"c"
                + random.nextInt(1_000_000)
                + "\""
                + field("image", () -> quoted("b:1"))
                + perhaps("args", () -> list(() -> quoted(one(10) ? of(TEXTS) : "arg")))
                + perhaps("env", () -> list(this::variable))
                + perhaps("ports", () -> "[{\"containerPort\":" + of(NUMBERS) + "}]")
                + perhaps("resources", () -> tree(3))
                + perhaps("livenessProbe", () -> tree(4))
                + perhaps("lifecycle", () -> tree(3))
                + perhaps("volumeMounts", () -> tree(3))
                + perhaps("securityContext", () -> tree(2))
                + perhaps("stdin", () -> "true")
                + "}";
    }

    private String containers() {
        return one(4) ? "[" + container() + "," + container() + "]" : "[" + container() + "]";
    }

    private String pod() {
        return "{\"containers\":"
                + containers()
                + perhaps("initContainers", this::containers)
                + perhaps("volumes", () -> tree(4))
                + perhaps("affinity", () -> tree(5))
                + perhaps("dnsConfig", () -> tree(3))
                + perhaps("tolerations", () -> tree(3))
                + perhaps("topologySpreadConstraints", () -> tree(3))
                + perhaps("terminationGracePeriodSeconds", () -> of(NUMBERS))
                + perhaps("securityContext", () -> tree(2))
                + perhaps("hostAliases", () -> tree(2))
                + "}";
    }

    private String image() {
        return field("image", () -> quoted("busybox:1.36"))
                + perhaps("command", () -> list(() -> quoted("c")))
                + perhaps("args", () -> list(() -> quoted(one(10) ? of(TEXTS) : "arg")))
                + perhaps("env", () -> list(this::variable))
                + perhaps("workingDir", () -> quoted("/tmp"))
                + perhaps("resources", () -> "{\"cpu\":\"500m\"}");
    }

    /** The fields of a job, without its name. */
    String job(String name) {
        String shape =
                switch (random.nextInt(3)) {
                    case 0 -> image();
                    case 1 -> field("containers", this::containers);
                    default -> field("podSpec", this::pod);
                };
        return "{\"name\":"
                + quoted(name)
                + shape
                + perhaps("labels", () -> "{\"a\":\"b\"}")
                + (shape.contains("podSpec")
                        ? ""
                        : perhaps(
                                "tolerations",
                                () ->
                                        "[{\"key\":\"k\",\"tolerationSeconds\":"
                                                + of(NUMBERS)
                                                + "}]"))
                + perhaps("maxRetries", () -> one(3) ? of(NUMBERS) : "3")
                + perhaps("priority", () -> one(3) ? of(NUMBERS) : "-5")
                + perhaps("timeout", () -> quoted(one(5) ? of(TEXTS) : "1h30m"))
                + perhaps("parallelism", () -> "2")
                + (one(100) ? "," + quoted(of(ODD_KEYS)) + ":1" : "")
                + "}";
    }

    String schedule(String name) {
        return "{\"name\":"
                + quoted(name)
                + field("every", () -> quoted("1h"))
                + perhaps("jitter", () -> quoted(one(2) ? "PT0.0001S" : "1m"))
                + perhaps("startAt", () -> quoted(startAt()))
                + perhaps("catchUp", () -> "{\"all\":" + (one(3) ? of(NUMBERS) : "5") + "}")
                + perhaps("keep", () -> "{\"succeeded\":" + (one(3) ? of(NUMBERS) : "5") + "}")
                + perhaps("labels", () -> "{\"a\":\"b\"}")
                + ",\"job\":"
                + job(name)
                + "}";
    }

    private String startAt() {
        return of(
                List.of(
                        "2027-01-01T00:00:00.123456789Z",
                        "+300000-01-01T00:00:00Z",
                        "-300000000-01-01T00:00:00Z",
                        "2027-01-01T00:00:00+18:00",
                        "9999-12-31T23:59:59.999999999Z",
                        "2027-01-01T00:00:00Z",
                        "soon"));
    }
}

package io.windlass.harness;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.windlass.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a service may take as it is shipped: the limit of its container, as the chart has it, and
 * the flags of its JVM, as the images and the chart have them.
 *
 * @param limit in bytes
 * @param javaOptions with a heap of the size that the JVM would choose within that limit
 */
public record ShippedMemory(long limit, List<String> javaOptions) {
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final Pattern FLAG = Pattern.compile("<jvmFlag>([^<]+)</jvmFlag>");
    private static final Pattern NAME = Pattern.compile("\\$\\{([^}]+)}");
    private static final String SHARE = "-XX:MaxRAMPercentage=";

    public static ShippedMemory of(String module) throws IOException {
        return of(
                module,
                Files.readString(ROOT.resolve("charts/windlass/values.yaml")),
                Files.readString(ROOT.resolve("pom.xml")));
    }

    static ShippedMemory of(String module, String values, String pom) {
        Map<String, Object> chart = Json.asObject(Serialization.unmarshal(values, Map.class));
        Map<String, Object> service = Json.asObject(chart.get(camelCase(module)));
        Map<String, Object> resources = Json.asObject(service.get("resources"));
        Object memory = Json.asObject(resources.get("limits")).get("memory");
        long limit =
                Quantity.getAmountInBytes(new Quantity(String.valueOf(memory))).longValueExact();
        List<String> flags = new ArrayList<>();
        Matcher flag = FLAG.matcher(pom);
        while (flag.find()) {
            flags.add(resolved(flag.group(1), pom));
        }
        // the chart's come later, and so they hold
        Object more = Optional.<Object>ofNullable(service.get("javaOptions")).orElse("");
        flags.addAll(List.of(more.toString().strip().split("\\s+")));
        flags.removeIf(one -> !one.startsWith("-X"));
        return new ShippedMemory(limit, withHeap(flags, limit));
    }

    private static List<String> withHeap(List<String> flags, long limit) {
        double share =
                flags.stream()
                        .filter(one -> one.startsWith(SHARE))
                        .mapToDouble(one -> Double.parseDouble(one.substring(SHARE.length())))
                        .reduce((before, last) -> last)
                        .orElseThrow(() -> new IllegalStateException("no " + SHARE));
        List<String> options = new ArrayList<>(flags);
        options.removeIf(one -> one.startsWith(SHARE));
        options.add("-Xmx" + (long) (limit * share / 100) / 1024 + "k");
        return List.copyOf(options);
    }

    private static String resolved(String flag, String pom) {
        return NAME.matcher(flag)
                .replaceAll(name -> {
                    Matcher value =
                            Pattern.compile("<" + Pattern.quote(name.group(1)) + ">([^<]+)<")
                                    .matcher(pom);
                    if (!value.find()) {
                        throw new IllegalStateException("no property " + name.group(1));
                    }
                    return Matcher.quoteReplacement(value.group(1));
                });
    }

    private static String camelCase(String module) {
        return Pattern.compile("-(.)")
                .matcher(module)
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    }
}

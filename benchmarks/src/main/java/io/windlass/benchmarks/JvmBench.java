package io.windlass.benchmarks;

import io.windlass.harness.Api;
import io.windlass.harness.Stack;
import io.windlass.harness.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The same load on JVMs with other flags, one stack after the other: what the images' flags are
 * chosen by. All have the memory of a container with 512 MiB, as {@code minikube/} gives it.
 */
final class JvmBench {
    private static final List<String> MEMORY =
            List.of("-XX:MaxRAM=512m", "-XX:MaxRAMPercentage=60");

    /** Enough to tell JVMs apart; the drain's own figures are taken with more. */
    private static final int MOST_DRAINED = 400;

    private final Path kubeconfig;
    private final Path audit;
    private final Scale scale;
    private final Results results;

    JvmBench(Path kubeconfig, Path audit, Scale scale, Results results) {
        this.kubeconfig = kubeconfig;
        this.audit = audit;
        this.scale = scale.drained(Math.min(scale.drained(), MOST_DRAINED));
        this.results = results;
    }

    void run() throws Exception {
        results.part("jvm");
        for (Map.Entry<String, List<String>> variant : variants().entrySet()) {
            results.put(
                    "**" + variant.getKey() + "**",
                    "`" + String.join(" ", variant.getValue()) + "`");
            measure(variant.getKey(), variant.getValue());
        }
        Path caches = Files.createTempDirectory("windlass-aot");
        List<String> training = new ArrayList<>(variants().get("SerialGC, C1"));
        training.add("-XX:AOTCacheOutput=" + caches + "/{module}.aot");
        train(training);
        results.put("size of the caches", mebibytes(caches) + " MiB");
        List<String> trained = new ArrayList<>(variants().get("SerialGC, C1"));
        trained.add("-XX:AOTCache=" + caches + "/{module}.aot");
        String name = "SerialGC, C1, AOT cache";
        results.put("**" + name + "**", "`-XX:AOTCache` of a run of the same load");
        measure(name, trained);
    }

    private static Map<String, List<String>> variants() {
        Map<String, List<String>> variants = new LinkedHashMap<>();
        variants.put("SerialGC, C1", List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        variants.put("SerialGC, C1 and C2", List.of("-XX:+UseSerialGC"));
        variants.put("G1, C1 and C2", List.of("-XX:+UseG1GC"));
        variants.put(
                "SerialGC, C1, compact headers",
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseCompactObjectHeaders"));
        return variants;
    }

    private void measure(String variant, List<String> flags) throws Exception {
        results.variant(variant);
        try (Stack stack = stack(flags)) {
            load(stack, results);
            StartBench.run(stack, results);
        }
    }

    /** A cache is written where a JVM ends by itself. */
    private void train(List<String> flags) throws Exception {
        try (Stack stack = stack(flags)) {
            load(stack, new Results());
        }
    }

    private Stack stack(List<String> flags) throws IOException, InterruptedException {
        List<String> all = Stream.concat(MEMORY.stream(), flags.stream()).toList();
        return new Stack(
                new Stack.Plan(Bench.SETTINGS, 1, all, Bench.MODULES),
                database -> new Wiring.Direct(database, kubeconfig));
    }

    private void load(Stack stack, Results figures) throws Exception {
        Api api = stack.api();
        String cluster = "/api/v1/clusters/" + stack.cluster();
        api.call("POST", cluster + "/pause", null);
        SubmissionBench.run(stack, scale, figures);
        stack.database().forgetAllJobs();
        api.call("POST", cluster + "/resume", null);
        DrainBench.run(stack, kubeconfig, audit, scale, figures);
        api.call("POST", cluster + "/pause", null);
    }

    private static long mebibytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum() >> 20;
        }
    }
}

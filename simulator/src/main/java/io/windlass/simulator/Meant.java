package io.windlass.simulator;

import io.windlass.job.JobId;
import io.windlass.job.JobSpec;
import io.windlass.job.JobSpecReader;
import io.windlass.job.JobSpecTree;
import io.windlass.json.Json;
import io.windlass.store.NewJob;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What a client wants of one job: all that may become of it follows from this. */
record Meant(
        int number,
        String namespace,
        Kind kind,
        int exitCode,
        int seconds,
        int retries,
        boolean cancelled,
        int timeout,
        boolean stubborn) {
    static final String USUAL = "default";

    /** Of a job whose client does not know yet that it was accepted. */
    static final Meant NOT_TOLD = good(-1, USUAL);

    private static final long TWENTY_MINUTES = 1_200;

    Meant(
            int number,
            String namespace,
            Kind kind,
            int exitCode,
            int seconds,
            int retries,
            boolean cancelled) {
        this(number, namespace, kind, exitCode, seconds, retries, cancelled, 0, false);
    }

    enum Kind {
        GOOD,
        EXITS,
        NO_IMAGE,
        NO_SECRET,
        LATE_SECRET
    }

    static Meant one(int number, SplittableRandom random) {
        int dice = random.nextInt(100);
        Kind kind =
                dice < 50
                        ? Kind.GOOD
                        : dice < 70
                                ? Kind.EXITS
                                : dice < 80
                                        ? Kind.NO_IMAGE
                                        : dice < 90 ? Kind.NO_SECRET : Kind.LATE_SECRET;
        int seconds = random.nextBoolean() ? 0 : random.nextInt(300);
        return new Meant(
                number,
                USUAL,
                kind,
                kind == Kind.EXITS ? 1 + random.nextInt(100) : 0,
                kind == Kind.GOOD ? seconds : 0,
                random.nextInt(4) == 0 ? 1 : 0,
                random.nextInt(4) == 0);
    }

    /** Half of them fail at once. */
    static Meant soonOver(int number, SplittableRandom random) {
        Meant usual = one(number, random);
        return random.nextBoolean()
                ? usual
                : new Meant(
                        number,
                        USUAL,
                        Kind.EXITS,
                        1 + random.nextInt(100),
                        0,
                        random.nextInt(4) == 0 ? 1 : 0,
                        usual.cancelled());
    }

    /** Its timeout comes first. */
    static Meant tooLong(int number, SplittableRandom random) {
        int timeout = 20 + random.nextInt(280);
        return new Meant(
                number,
                USUAL,
                Kind.GOOD,
                0,
                timeout + 600,
                random.nextInt(4) == 0 ? 1 : 0,
                random.nextInt(4) == 0,
                timeout,
                random.nextInt(3) == 0);
    }

    static Meant good(int number, String namespace) {
        return new Meant(number, namespace, Kind.GOOD, 0, 0, 0, false);
    }

    String key() {
        return "key-" + number;
    }

    String secret() {
        return "secret-" + number;
    }

    NewJob job(JobId id, String hash) {
        JobSpec spec =
                switch (JobSpecReader.read(tree(), Processor.CLUSTER)) {
                    case JobSpecReader.Result.Read read -> read.spec();
                    case JobSpecReader.Result.Wrong wrong ->
                            throw new IllegalStateException(wrong.toString());
                };
        return new NewJob(
                id,
                spec,
                Json.canonical(JobSpecTree.of(spec)),
                hash,
                "client",
                null,
                null,
                new NewJob.IdempotencyKey(key(), hash),
                null);
    }

    private Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", "job-" + number);
        tree.put("namespace", namespace);
        tree.put("image", kind == Kind.NO_IMAGE ? "no-such:1" : "busybox:1.36");
        tree.put(
                "command",
                exitCode > 0
                        ? List.of("sh", "-c", "exit " + exitCode)
                        : List.of("sleep", Integer.toString(seconds)));
        if (timeout > 0) {
            tree.put("timeout", timeout + "s");
        }
        if (stubborn) {
            Map<String, @Nullable Object> main = new LinkedHashMap<>();
            main.put("name", "main");
            main.put("image", tree.remove("image"));
            main.put("command", tree.remove("command"));
            Map<String, @Nullable Object> pod = new LinkedHashMap<>();
            pod.put("terminationGracePeriodSeconds", BigDecimal.valueOf(TWENTY_MINUTES));
            pod.put("containers", List.of(main));
            tree.put("podSpec", pod);
        }
        tree.put("maxRetries", BigDecimal.valueOf(retries));
        if (kind == Kind.NO_SECRET || kind == Kind.LATE_SECRET) {
            tree.put(
                    "env",
                    List.of(
                            Map.of(
                                    "name",
                                    "TOKEN",
                                    "secretRef",
                                    Map.of("name", secret(), "key", "k"))));
        }
        return tree;
    }
}

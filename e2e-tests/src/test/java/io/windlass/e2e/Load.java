package io.windlass.e2e;

import io.windlass.harness.Api;
import io.windlass.harness.FailingRegistry;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that want all sorts of things, do not give up, and write down what they are told. */
final class Load implements AutoCloseable {
    enum Kind {
        GOOD,
        GOOD_ON_A_REAL_NODE,
        EXIT_CODE,
        NO_IMAGE,
        NO_SECRET,
        CANCELLED,
        CANCELLED_AT_ONCE;

        boolean onARealNode() {
            return this != GOOD;
        }
    }

    private static final int BATCH = 20;
    private static final long PAUSE_MILLIS = 500;

    private final Stack stack;
    private final Observed observed;
    private final String namespace;
    private final Random random;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger number = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    Load(Stack stack, Observed observed, String namespace, long seed) {
        this.stack = stack;
        this.observed = observed;
        this.namespace = namespace;
        this.random = new Random(seed);
    }

    /** One more thing that somebody wants. */
    void next() {
        int dice = random.nextInt(100);
        int exitCode = 1 + random.nextInt(120);
        if (dice < 30) {
            single(Kind.GOOD, 0);
        } else if (dice < 42) {
            single(Kind.GOOD_ON_A_REAL_NODE, 0);
        } else if (dice < 54) {
            single(Kind.EXIT_CODE, exitCode);
        } else if (dice < 61) {
            single(Kind.NO_IMAGE, 0);
        } else if (dice < 67) {
            single(Kind.NO_SECRET, 0);
        } else if (dice < 75) {
            single(Kind.CANCELLED, 0);
        } else if (dice < 80) {
            single(Kind.CANCELLED_AT_ONCE, 0);
        } else if (dice < 94) {
            twoWithOneKey();
        } else {
            batch();
        }
    }

    private void single(Kind kind, int exitCode) {
        int client = number.incrementAndGet();
        Observed.Meant meant = new Observed.Meant(kind, "key-" + client, exitCode);
        clients.execute(() -> submitAndFollow(client, meant));
    }

    private void twoWithOneKey() {
        int one = number.incrementAndGet();
        int other = number.incrementAndGet();
        Observed.Meant meant = new Observed.Meant(Kind.GOOD, "shared-" + one, 0);
        clients.execute(() -> submitAndFollow(one, meant));
        clients.execute(() -> submitAndFollow(other, meant));
    }

    private void submitAndFollow(int client, Observed.Meant meant) {
        try {
            String id = submit(client, meant);
            if (id == null) {
                return;
            }
            if (meant.kind() == Kind.CANCELLED || meant.kind() == Kind.CANCELLED_AT_ONCE) {
                cancel(client, id, meant.kind() == Kind.CANCELLED);
            }
            follow(client, id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String submit(int client, Observed.Meant meant) throws InterruptedException {
        for (int attempt = 0; !pausedUntilOver(attempt == 0 ? 0 : PAUSE_MILLIS); attempt++) {
            try {
                Api.Answer answer =
                        api(client + attempt)
                                .call(
                                        "POST",
                                        "/api/v1/jobs",
                                        job(meant),
                                        "Idempotency-Key",
                                        meant.key());
                switch (answer.status()) {
                    case 200, 202 -> {
                        String id = answer.body().get("id").toString();
                        observed.accepted(id, meant);
                        observed.answer(client, answer.body());
                        return id;
                    }
                    case 503, 500 -> {}
                    default -> {
                        observed.violation("a valid job was answered " + answer);
                        return null;
                    }
                }
            } catch (IOException e) {
                // nothing was promised; the same key again
                continue;
            }
        }
        return null;
    }

    private void cancel(int client, String id, boolean whenItRuns) throws InterruptedException {
        if (whenItRuns) {
            pausedUntilOver(4_000);
        }
        for (int attempt = 0; !pausedUntilOver(attempt == 0 ? 0 : PAUSE_MILLIS); attempt++) {
            try {
                // even where no answer comes back it may have been done
                observed.cancelAsked(id);
                Api.Answer answer = api(client + attempt).cancel(id);
                if (answer.status() == 202 || answer.status() == 200) {
                    observed.answer(client, answer.body());
                    return;
                }
            } catch (IOException e) {
                // it may have been heard: once more does no harm
                continue;
            }
        }
    }

    /** Until its end, and a little longer: an answer must stay what it was. */
    private void follow(int client, String id) throws InterruptedException {
        int afterTheEnd = 0;
        for (int i = 0; afterTheEnd < 3 && !pausedUntilOver(i == 0 ? 0 : PAUSE_MILLIS); i++) {
            try {
                Api.Answer answer =
                        api(client + i).call("GET", "/api/v1/jobs/" + id + "?wait=10s", null);
                if (answer.status() == 200) {
                    observed.answer(client, answer.body());
                    afterTheEnd += answer.body().get("finishedAt") == null ? 0 : 1;
                } else if (answer.status() == 404) {
                    observed.violation("accepted job " + id + " is not found");
                    return;
                }
            } catch (IOException e) {
                // asked again
                continue;
            }
        }
    }

    private void batch() {
        int client = number.incrementAndGet();
        List<Observed.Meant> meant = new ArrayList<>();
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            meant.add(new Observed.Meant(Kind.GOOD, "batch-" + client + "/" + i, 0));
            jobs.add(job(meant.get(i)));
        }
        clients.execute(() -> {
            try {
                submitBatch(client, meant, jobs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void submitBatch(int client, List<Observed.Meant> meant, List<Map<String, Object>> jobs)
            throws InterruptedException {
        boolean all = false;
        for (int attempt = 0;
                !all && !pausedUntilOver(attempt == 0 ? 0 : PAUSE_MILLIS);
                attempt++) {
            try {
                Api.Answer answer =
                        api(client + attempt)
                                .call(
                                        "POST",
                                        "/api/v1/jobs:batch",
                                        jobs,
                                        "Idempotency-Key",
                                        "batch-" + client);
                all = answer.status() == 200 && noted(client, meant, answer);
            } catch (IOException e) {
                // the whole call again
                continue;
            }
        }
    }

    private boolean noted(int client, List<Observed.Meant> meant, Api.Answer answer) {
        boolean all = true;
        for (Object item : (List<?>) answer.body().get("results")) {
            Map<String, Object> line = Json.asObject(item);
            int status = Integer.parseInt(line.get("status").toString());
            if (status == 200 || status == 202) {
                Map<String, Object> job = Json.asObject(line.get("job"));
                int index = Integer.parseInt(line.get("index").toString());
                observed.accepted(job.get("id").toString(), meant.get(index));
                observed.answer(client, job);
            } else {
                all = false;
            }
        }
        return all;
    }

    private Api api(int choice) {
        return stack.api(choice % 2);
    }

    private Map<String, Object> job(Observed.Meant meant) {
        String name = meant.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        Map<String, Object> job =
                switch (meant.kind()) {
                    case GOOD -> Api.simulated(name);
                    case GOOD_ON_A_REAL_NODE -> Api.job(name, "true");
                    case EXIT_CODE -> Api.job(name, "sh", "-c", "exit " + meant.exitCode());
                    case NO_IMAGE ->
                            Api.with(
                                    Api.job(name, "true"),
                                    "image",
                                    FailingRegistry.notFoundImage());
                    case NO_SECRET ->
                            Api.with(
                                    Api.job(name, "true"),
                                    "env",
                                    List.of(
                                            Map.of(
                                                    "name",
                                                    "TOKEN",
                                                    "secretRef",
                                                    Map.of("name", "absent", "key", "k"))));
                    case CANCELLED, CANCELLED_AT_ONCE ->
                            Api.job(name, "sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait");
                };
        job = new LinkedHashMap<>(job);
        job.put("namespace", namespace);
        return job;
    }

    /** True once nobody wants anything more. */
    private boolean pausedUntilOver(long millis) throws InterruptedException {
        return over.await(millis, TimeUnit.MILLISECONDS);
    }

    void end() throws InterruptedException {
        over.countDown();
        clients.shutdown();
        if (!clients.awaitTermination(2, TimeUnit.MINUTES)) {
            observed.violation("a client's call was not answered for two minutes");
        }
    }

    @Override
    public void close() {
        over.countDown();
        clients.shutdownNow();
    }
}

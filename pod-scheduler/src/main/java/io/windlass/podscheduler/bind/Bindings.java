package io.windlass.podscheduler.bind;

import io.windlass.podscheduler.choose.Choice;
import io.windlass.podscheduler.choose.PodView;
import io.windlass.podscheduler.observe.Scene;
import io.windlass.podscheduler.observe.Waiting;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries decisions out, many at a time. A binding that got no answer is asked for again, the same
 * one, until there is an answer: only then is it known whether the place is free.
 */
public final class Bindings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bindings.class);
    private static final Duration FIRST_REST = Duration.ofMillis(250);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);
    private static final String NOT_ANSWERED = "NoAnswer";

    private final Scene scene;
    private final Deeds deeds;
    private final Tally tally;
    private final BooleanSupplier mayBind;
    private final Consumer<String> voice;
    private final Semaphore atOnce;
    private final Semaphore wordsAtOnce;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Idle so far.
     *
     * @param mayBind asked before each: not any more once another leads
     * @param voice who hears what became of each
     */
    public Bindings(
            Scene scene,
            Deeds deeds,
            Tally tally,
            BooleanSupplier mayBind,
            Consumer<String> voice,
            int atOnce) {
        this.scene = scene;
        this.deeds = deeds;
        this.tally = tally;
        this.mayBind = mayBind;
        this.voice = voice;
        this.atOnce = new Semaphore(atOnce);
        this.wordsAtOnce = new Semaphore(Math.max(1, atOnce / 2));
    }

    void send(Waiting one, Choice.Bind choice) {
        threads.execute(() -> within(wordsAtOnce, within(atOnce, () -> carryOut(one, choice))));
    }

    /** Soon, beside what else is done. */
    void tell(Runnable words) {
        threads.execute(() -> within(wordsAtOnce, words));
    }

    private static void within(Semaphore permits, Runnable work) {
        within(
                permits,
                () -> {
                    work.run();
                    return Bindings::nothing;
                });
    }

    private static Runnable within(Semaphore permits, Supplier<Runnable> work) {
        permits.acquireUninterruptibly();
        try {
            return work.get();
        } catch (RuntimeException e) {
            LOG.warn("this should not have happened: {}", e.toString(), e);
            return Bindings::nothing;
        } finally {
            permits.release();
        }
    }

    /** What there is to be told of it afterwards. */
    private Runnable carryOut(Waiting one, Choice.Bind choice) {
        PodView pod = one.pod();
        String node = choice.node();
        for (int tries = 0; mayBind.getAsBoolean() && scene.isWaiting(one); tries++) {
            tally.request(pod, node);
            switch (deeds.bind(pod, node)) {
                case Outcome.Bound _ -> {
                    return isBound(one, choice);
                }
                case Outcome.Refused refused -> {
                    // 409 is what our own binding answers when its answer was lost
                    return tries > 0
                                    && refused.status() == HttpURLConnection.HTTP_CONFLICT
                                    && deeds.isAt(pod, node)
                            ? isBound(one, choice)
                            : isRefused(one, node, refused);
                }
                case Outcome.Away away -> {
                    tally.failure(pod, node, 0, NOT_ANSWERED);
                    LOG.warn(
                            "{} to {}: {}; it is asked for again",
                            pod.fullName(),
                            node,
                            away.why());
                    if (isEnding(rest(tries))) {
                        return Bindings::nothing;
                    }
                }
            }
        }
        scene.isRefused(one, Duration.ZERO);
        return Bindings::nothing;
    }

    private Runnable isBound(Waiting one, Choice.Bind choice) {
        PodView pod = one.pod();
        scene.isBound(one);
        tally.success(pod, choice.node(), Duration.ofNanos(System.nanoTime() - one.since()));
        voice.accept(pod.fullName() + " to " + choice.node());
        return () -> {
            deeds.tellBound(pod, choice.node());
            if (choice.warning() != null) {
                deeds.warn(pod, "AmbiguousPlacement", choice.warning());
            }
        };
    }

    private Runnable isRefused(Waiting one, String node, Outcome.Refused refused) {
        PodView pod = one.pod();
        int status = refused.status();
        tally.failure(pod, node, status, refused.reason());
        voice.accept(pod.fullName() + " not to " + node + ": " + status + " " + refused.message());
        if (status == HttpURLConnection.HTTP_NOT_FOUND) {
            scene.isGone(one);
            return Bindings::nothing;
        }
        scene.isRefused(one, rest(one.refusals()));
        // a conflict is somebody else's success
        return status == HttpURLConnection.HTTP_CONFLICT
                ? Bindings::nothing
                : () ->
                        deeds.warn(
                                pod,
                                "FailedScheduling",
                                "the binding to " + node + " was refused: " + refused.message());
    }

    private static void nothing() {}

    private static Duration rest(int times) {
        long millis =
                Math.min(LONGEST_REST.toMillis(), FIRST_REST.toMillis() << Math.min(times, 10));
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    private boolean isEnding(Duration within) {
        try {
            return ending.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Waits for what is under way; what got no answer yet is given up. */
    @Override
    public void close() {
        ending.countDown();
        finish();
    }

    /** Waits for what is under way, however long that takes. */
    public void finish() {
        threads.close();
    }
}

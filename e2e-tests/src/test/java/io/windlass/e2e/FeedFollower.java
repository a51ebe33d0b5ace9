package io.windlass.e2e;

import io.windlass.harness.Api;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads the feed from the beginning, now from one server and now from the other. */
final class FeedFollower {
    private final Stack stack;
    private final Observed observed;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Set<String> cursors = new HashSet<>();
    private final Thread thread;
    private String after = "";
    private int calls;

    FeedFollower(Stack stack, Observed observed) {
        this.stack = stack;
        this.observed = observed;
        this.thread = Thread.ofVirtual().start(this::follow);
    }

    private void follow() {
        try {
            while (!over.await(200, TimeUnit.MILLISECONDS)) {
                while (page() == 500) {
                    // there is more
                    continue;
                }
            }
            while (page() > 0) {
                // to the last
                continue;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int page() {
        try {
            String from = after.isEmpty() ? "" : "&after=" + after;
            Api.Answer answer =
                    stack.api(calls++ % 2).call("GET", "/api/v1/events?limit=500" + from, null);
            if (answer.status() == 410) {
                observed.violation("the feed forgot a cursor that it had given: " + after);
            }
            if (answer.status() != 200) {
                return 0;
            }
            List<?> items = (List<?>) answer.body().get("items");
            items.stream().map(Json::asObject).forEach(this::note);
            return items.size();
        } catch (IOException e) {
            return 0;
        }
    }

    private void note(Map<String, Object> event) {
        after = event.get("cursor").toString();
        if (!cursors.add(after)) {
            observed.violation("the feed gave an event twice: " + event);
        }
        Object from = event.get("from");
        observed.event(
                new Observed.Event(
                        event.get("jobId").toString(),
                        Integer.parseInt(event.get("version").toString()),
                        from == null ? null : from.toString(),
                        event.get("to").toString(),
                        event.get("reason").toString(),
                        Instant.now()));
    }

    /** Once nothing changes any more: reads to the end. */
    void readToTheEnd() throws InterruptedException {
        over.countDown();
        thread.join();
    }
}

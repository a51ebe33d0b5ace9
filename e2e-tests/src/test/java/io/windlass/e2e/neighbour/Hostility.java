package io.windlass.e2e.neighbour;

import io.windlass.harness.Cluster;
import io.windlass.harness.Stack;
import java.io.IOException;
import java.net.http.HttpClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** All cases, in all hostile namespaces, all at once, until it is closed. */
final class Hostility implements AutoCloseable {
    private final AnswerTable table;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Map<String, String> broken = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<HangingWebhook> webhooks = new ArrayList<>();
    private final List<HostileCase> hanging = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    Hostility(
            Stack stack,
            Cluster cluster,
            List<String> namespaces,
            List<HostileCase> cases,
            AnswerTable table)
            throws IOException {
        this.table = table;
        for (HostileCase one : cases) {
            if (one.deed() instanceof HostileCase.Hang how) {
                webhooks.add(new HangingWebhook(cluster.client(), how, namespaces));
                hanging.add(one);
            }
        }
        for (String namespace : namespaces) {
            HostileDeeds deeds = new HostileDeeds(stack, cluster, namespace, over, http);
            for (HostileCase one : cases) {
                if (!(one.deed() instanceof HostileCase.Hang)) {
                    begin(one, deeds);
                }
            }
        }
    }

    private void begin(HostileCase one, HostileDeeds deeds) {
        AtomicInteger next = new AtomicInteger();
        for (int i = 0; i < one.atOnce(); i++) {
            threads.add(
                    Thread.ofVirtual()
                            .name(one.name() + " in " + deeds.namespace())
                            .start(() -> goOn(one, deeds, next)));
        }
    }

    private void goOn(HostileCase one, HostileDeeds deeds, AtomicInteger next) {
        try {
            int index = next.getAndIncrement();
            while ((one.times() == 0 || index < one.times()) && over.getCount() > 0) {
                long begin = System.nanoTime();
                String answer = deeds.done(one, index);
                table.add(one, answer, Duration.ofNanos(System.nanoTime() - begin));
                // what found nothing has not happened
                index = answer.equals(AnswerTable.NOTHING) ? index : next.getAndIncrement();
                boolean end = over.await(one.every().toMillis(), TimeUnit.MILLISECONDS);
                index = end ? Integer.MAX_VALUE : index;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException | Error e) {
            broken.put(one.name(), e.toString());
        }
    }

    /**
     * No more is begun; what is under way may end, or is let go. Tells which cases are broken
     * themselves.
     */
    Map<String, String> end(Duration patience) throws InterruptedException {
        for (int i = 0; i < webhooks.size(); i++) {
            int asked = webhooks.get(i).asked();
            HostileCase one = hanging.get(i);
            String answer = asked > 0 ? AnswerTable.DONE + " to " + asked : AnswerTable.NOTHING;
            table.add(one, answer, Duration.ZERO);
        }
        over.countDown();
        long until = System.nanoTime() + patience.toNanos();
        for (Thread thread : threads) {
            long left = Math.max(1, (until - System.nanoTime()) / 1_000_000);
            if (!thread.join(Duration.ofMillis(left))) {
                thread.interrupt();
            }
        }
        return Map.copyOf(broken);
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        threads.forEach(Thread::interrupt);
        for (HangingWebhook webhook : webhooks) {
            webhook.close();
        }
        http.shutdownNow();
    }
}

package io.windlass.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many that do the same again and again for a while; how often it was done in a second. */
final class Crowd {
    private Crowd() {}

    interface Member extends AutoCloseable {
        void once() throws Exception;

        @Override
        void close() throws IOException, SQLException;
    }

    static double perSecond(int size, Duration length, Callable<Member> members) throws Exception {
        long until = System.nanoTime() + length.toNanos();
        long begin = System.nanoTime();
        long done = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                all.add(threads.submit(() -> repeat(members, until)));
            }
            for (Future<Long> one : all) {
                done += one.get();
            }
        }
        return done / ((System.nanoTime() - begin) / 1e9);
    }

    private static long repeat(Callable<Member> members, long until) throws Exception {
        long done = 0;
        try (Member member = members.call()) {
            while (System.nanoTime() < until) {
                member.once();
                done++;
            }
        }
        return done;
    }
}

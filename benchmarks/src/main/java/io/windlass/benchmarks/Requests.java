package io.windlass.benchmarks;

import io.windlass.harness.AuditLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Requests to the API server, as its audit log has them. */
final class Requests {
    private Requests() {}

    /** That had to do with a namespace. */
    static long in(String namespace, Path audit) throws IOException {
        AtomicLong count = new AtomicLong();
        AuditLog.forEachLine(
                audit,
                line -> {
                    if (line.contains("\"namespace\":\"" + namespace + "\"")
                            && line.contains("\"stage\":\"ResponseComplete\"")) {
                        count.incrementAndGet();
                    }
                });
        return count.get();
    }
}

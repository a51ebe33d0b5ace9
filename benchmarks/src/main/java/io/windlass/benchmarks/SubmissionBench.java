package io.windlass.benchmarks;

import io.windlass.harness.Api;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Single submissions over HTTP with 64 keep-alive clients, beside a loop that inserts the same rows
 * in the same number of transactions. Taken in turns, so that both see the same machine.
 */
final class SubmissionBench {
    private static final int CLIENTS = 64;
    // as many as the web-server has to the database
    private static final int CONNECTIONS = 10;
    private static final int TURNS = 2;

    private SubmissionBench() {}

    static void run(Stack stack, Scale scale, Results results) throws Exception {
        int port = stack.services("web-server").getFirst().port();
        byte[] request =
                KeepAliveClient.post(
                        "/api/v1/jobs", stack.token(), Json.write(Api.job("submitted", "true")));
        String template = stack.api().submit(Api.job("submitted", "true"));
        Callable<Crowd.Member> clients = () -> new Client(port, request);
        Callable<Crowd.Member> loops = () -> new SameRows(stack.database().url(), template);
        Crowd.perSecond(CLIENTS, scale.warmUp(), clients);
        Crowd.perSecond(CONNECTIONS, scale.warmUp(), loops);
        double http = 0;
        double jdbc = 0;
        Duration turn = scale.measured().dividedBy(TURNS);
        for (int i = 0; i < TURNS; i++) {
            http += Crowd.perSecond(CLIENTS, turn, clients) / TURNS;
            jdbc += Crowd.perSecond(CONNECTIONS, turn, loops) / TURNS;
        }
        double ratio =
                results.compare(
                        "single submissions over HTTP, 64 keep-alive clients; a JDBC loop with the same rows and transactions",
                        http,
                        jdbc,
                        "per s");
        results.ratio("single submissions, by a JDBC loop's", Figure.Better.HIGHER, ratio);
    }

    private static final class Client implements Crowd.Member {
        private final KeepAliveClient http;
        private final byte[] request;

        Client(int port, byte[] request) throws IOException {
            this.http = new KeepAliveClient(port);
            this.request = request;
        }

        @Override
        public void once() throws IOException {
            int status = http.call(request);
            if (status != 202) {
                throw new IllegalStateException("a submission was answered " + status);
            }
        }

        @Override
        public void close() throws IOException {
            http.close();
        }
    }
}

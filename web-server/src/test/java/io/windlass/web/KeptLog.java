package io.windlass.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.windlass.job.JobId;
import io.windlass.log.LogObjects;
import io.windlass.log.LogReading;
import io.windlass.log.Loss;
import io.windlass.log.Piece;
import io.windlass.log.StampedLines;
import io.windlass.messages.CallSignature;
import io.windlass.messages.Installation;
import io.windlass.store.LogClaims;
import io.windlass.store.LogKeeping;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;

/** A log as a cluster-gateway keeps it, and that gateway as web-server sees it. */
final class KeptLog implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final LogClaims claims;
    private final LogKeeping keeping;
    private final LogObjects objects;
    private final CallSignature signature;
    private final HttpServer gateway;
    private final LogClaims.Holder holder;
    private final LogClaims.PodOfJob pod;
    private final long log;
    private final LogReading reading = LogReading.begun();
    private final List<Piece> unstored = new ArrayList<>();
    private long stored;
    private long omittedFrom;
    private long omittedTo;
    private boolean let;

    KeptLog(WebServer web, String job, String container) throws IOException {
        claims = web.bean(LogClaims.class);
        keeping = web.bean(LogKeeping.class);
        objects = web.bean(LogObjects.class);
        signature = new CallSignature(web.bean(Installation.class));
        gateway = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        gateway.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        gateway.createContext("/internal/v1/", this::answer);
        gateway.start();
        holder =
                new LogClaims.Holder(
                        UUID.randomUUID(),
                        "http://127.0.0.1:" + gateway.getAddress().getPort(),
                        Duration.ofMinutes(1));
        pod =
                new LogClaims.PodOfJob(
                        JobId.parse(job).orElseThrow(),
                        "uid-" + job,
                        "local",
                        "default",
                        "the-pod");
        log =
                ((LogClaims.Claim.Ours)
                                claims.claim(
                                        pod,
                                        List.of(new LogClaims.ContainerOfPod(container, 0, false)),
                                        holder))
                        .logs().stream()
                                .filter(l -> l.container().equals(container))
                                .findFirst()
                                .orElseThrow()
                                .id();
    }

    /** Each a second after the one before. */
    synchronized KeptLog reads(String... lines) {
        for (String line : lines) {
            reading.line(StampedLines.nanos(START.plusSeconds(reading.lines())));
            byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
            reading.bytes(bytes, 0, bytes.length);
        }
        unstored.add(reading.take());
        notifyAll();
        return this;
    }

    synchronized KeptLog stores() {
        return stores(Optional.empty());
    }

    /** The receipt; and whoever follows is let go. */
    synchronized KeptLog closes() {
        stores(Optional.of(reading.sha256()));
        claims.closePod(pod, holder);
        let = true;
        notifyAll();
        return this;
    }

    /** As a store does that somebody has emptied. */
    synchronized KeptLog misses(long from) {
        objects.delete(List.of(log + "/" + from));
        return this;
    }

    /** As bounds do it: what was stored before goes. */
    synchronized KeptLog omits(long from, long to) {
        omittedFrom = from;
        omittedTo = to;
        return this;
    }

    synchronized KeptLog loses(Loss.Why why, String message) {
        reading.lost(why, message);
        return this;
    }

    private KeptLog stores(Optional<String> sha256) {
        List<LogKeeping.NewPiece> pieces = new ArrayList<>();
        for (Piece piece : unstored) {
            String key = log + "/" + piece.from();
            keeping.announce(List.of(key));
            objects.put(Map.of(key, piece.encoded()));
            if (piece.from() < omittedFrom || piece.from() >= omittedTo) {
                pieces.add(
                        new LogKeeping.NewPiece(
                                piece.from(),
                                piece.length(),
                                piece.lines(),
                                piece.time(piece.lines() - 1),
                                1,
                                key));
            }
        }
        unstored.clear();
        if (!keeping.write(
                        List.of(
                                new LogKeeping.Growth(
                                        log,
                                        stored,
                                        reading.state(),
                                        omittedFrom,
                                        omittedTo,
                                        pieces,
                                        List.of(),
                                        sha256)),
                        holder)
                .isEmpty()) {
            throw new IllegalStateException("not written");
        }
        stored = reading.bytes();
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestURI().toString();
        boolean ours =
                signature.isValid(
                        "GET",
                        target,
                        exchange.getRequestHeaders().getFirst(CallSignature.TIME),
                        exchange.getRequestHeaders().getFirst(CallSignature.SIGNATURE),
                        Instant.now());
        if (!ours || !target.startsWith("/internal/v1/logs/" + log + "?")) {
            exchange.sendResponseHeaders(ours ? 404 : 401, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (DataOutputStream out = new DataOutputStream(exchange.getResponseBody())) {
            long offset = Long.parseLong(target.replaceAll(".*offset=(\\d+).*", "$1"));
            frames(out, offset, target.contains("follow=true"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void frames(DataOutputStream out, long from, boolean follow)
            throws IOException, InterruptedException {
        long offset = from;
        while (true) {
            List<Piece> some;
            synchronized (this) {
                if (offset < stored) {
                    return;
                }
                long beyond = offset;
                some = unstored.stream().filter(piece -> piece.to() > beyond).toList();
                if (some.isEmpty() && (!follow || let)) {
                    return;
                }
                if (some.isEmpty()) {
                    wait();
                }
            }
            for (Piece piece : some) {
                byte[] encoded = piece.encoded();
                out.writeInt(encoded.length);
                out.write(encoded);
                out.flush();
                offset = piece.to();
            }
        }
    }

    @Override
    public void close() {
        gateway.stop(0);
    }
}

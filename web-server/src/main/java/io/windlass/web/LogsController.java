package io.windlass.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.job.JobId;
import io.windlass.service.Pulled;
import io.windlass.store.Jobs;
import io.windlass.store.LogShelf;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** What a job's containers wrote: one address while they run and afterwards. */
@Controller("/api/v1/jobs/{id}/logs")
@Produces({MediaType.TEXT_PLAIN, LogsController.NDJSON})
@ExecuteOn(TaskExecutors.BLOCKING)
final class LogsController {
    static final String NDJSON = "application/x-ndjson";
    private static final MediaType NDJSON_TYPE = MediaType.of(NDJSON);

    private final JobAnswers answers;
    private final Jobs jobs;
    private final LogPieces pieces;
    private final ApiSettings settings;
    private final Semaphore readers;

    LogsController(
            JobAnswers answers,
            Jobs jobs,
            LogPieces pieces,
            ApiSettings settings,
            MeterRegistry metrics) {
        this.answers = answers;
        this.jobs = jobs;
        this.pieces = pieces;
        this.settings = settings;
        this.readers = new Semaphore(settings.maxLogReaders());
        metrics.gauge(
                "windlass.logs.readers",
                readers,
                r -> settings.maxLogReaders() - r.availablePermits());
    }

    @Get
    @Operation(
            summary = "What a container of a job wrote",
            description =
                    "As text, byte for byte; with Accept: application/x-ndjson as objects with offset, time and line. With"
                            + " follow=true it goes on until the container has ended. Whoever was cut off goes on with"
                            + " offset=N, the number of bytes it has. What is missing is marked in the text; with"
                            + " raw=true an answer ends before it instead, and the next, asked for from there,"
                            + " begins after it, as its header Windlass-Log-Offset says.")
    @Parameter(
            name = "container",
            in = ParameterIn.QUERY,
            description = "default: the pod's first that is no init container",
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "attempt",
            in = ParameterIn.QUERY,
            description = "the nth pod that ran; default: the last",
            schema = @Schema(implementation = Integer.class))
    @Parameter(
            name = "pod",
            in = ParameterIn.QUERY,
            description = "by name, where several run at once",
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "follow",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Boolean.class))
    @Parameter(
            name = "offset",
            in = ParameterIn.QUERY,
            description = "in bytes, from the beginning",
            schema = @Schema(implementation = Long.class))
    @Parameter(
            name = "tail",
            in = ParameterIn.QUERY,
            description = "so many lines of its end",
            schema = @Schema(implementation = Integer.class))
    @Parameter(
            name = "since",
            in = ParameterIn.QUERY,
            description = "10m, or a time",
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "timestamps",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Boolean.class))
    @Parameter(
            name = "raw",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Boolean.class))
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_PLAIN,
                            schema = @Schema(implementation = String.class)))
    HttpResponse<?> read(@Parameter(hidden = true) HttpRequest<?> request, @PathVariable String id)
            throws InterruptedException {
        LogWish wish = LogWish.of(request);
        Jobs.StoredJob job = answers.visible(request, id);
        Optional<LogShelf.StoredLog> log = wish.in(pieces.shelf().ofJob(job.id()));
        if (log.isEmpty() && (!wish.follow() || job.progress().state().terminal())) {
            throw noLogs(job);
        }
        if (!readers.tryAcquire()) {
            throw new ProblemException(
                    Problem.TOO_MANY_READERS, "as many read logs as may; try again later");
        }
        try {
            return answer(request, wish, job.id(), log);
        } catch (RuntimeException | InterruptedException e) {
            readers.release();
            throw e;
        }
    }

    private HttpResponse<?> answer(
            HttpRequest<?> request, LogWish wish, JobId job, Optional<LogShelf.StoredLog> log)
            throws InterruptedException {
        boolean lines = request.accept().stream().anyMatch(NDJSON_TYPE::equals);
        LogFormat format =
                lines ? new LogLines() : new LogFormat.Text(wish.timestamps(), wish.raw());
        long start = log.isPresent() ? LogStart.of(wish, log.get(), pieces) : 0;
        LogStream stream =
                new LogStream(
                        pieces,
                        wish,
                        beginning(wish, job),
                        log.map(l -> new LogSource(pieces, l, start, wish.follow())),
                        format,
                        readers::release);
        MutableHttpResponse<?> answer =
                HttpResponse.ok(
                                new Pulled<>(
                                        "log", stream, settings.logPatience(), () -> cut(request)))
                        .contentType(lines ? NDJSON_TYPE : MediaType.TEXT_PLAIN_TYPE)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (log.isPresent()) {
            describe(answer, log.get(), start);
        }
        return answer;
    }

    /** Its connection is closed: what it has not read is not kept for it. */
    private static void cut(HttpRequest<?> request) {
        if (request instanceof NettyHttpRequest<?> netty) {
            var _ = netty.getChannelHandlerContext().close();
        }
    }

    private static void describe(
            MutableHttpResponse<?> answer, LogShelf.StoredLog log, long start) {
        boolean inGap = start >= log.omittedFrom() && start < log.omittedTo();
        answer.header("Windlass-Log-Container", log.container())
                .header("Windlass-Log-Pod", log.pod())
                .header("Windlass-Log-Attempt", Integer.toString(log.nth()))
                .header("Windlass-Log-Offset", Long.toString(inGap ? log.omittedTo() : start))
                .header("Windlass-Log-Bytes", Long.toString(log.bytes()))
                .header("Windlass-Log-Closed", Boolean.toString(log.closed()));
    }

    private LogStream.Beginning beginning(LogWish wish, JobId job) {
        return new LogStream.Beginning() {
            @Override
            public Optional<LogShelf.StoredLog> look() {
                return wish.in(pieces.shelf().ofJob(job));
            }

            @Override
            public boolean never() {
                return jobs.find(job).map(j -> j.progress().state().terminal()).orElse(true);
            }
        };
    }

    private ProblemException noLogs(Jobs.StoredJob job) {
        List<LogShelf.StoredLog> others = pieces.shelf().ofJob(job.id());
        String state = job.progress().state().name();
        String message = job.progress().message();
        return new ProblemException(
                Problem.NO_LOGS,
                others.isEmpty()
                        ? "the job is "
                                + state
                                + (message == null ? "" : " (" + message + ")")
                                + " and none of its containers has started"
                                + (job.progress().state().terminal() ? "" : "; follow=true waits")
                        : "there are logs of " + LogTree.names(others));
    }
}

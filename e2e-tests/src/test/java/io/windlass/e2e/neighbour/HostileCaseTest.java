package io.windlass.e2e.neighbour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class HostileCaseTest {
    private static HostileCase read(String json) {
        return HostileCase.read("one", json.getBytes(StandardCharsets.UTF_8));
    }

    private static String body(HostileCase one) {
        HostileBody body = ((HostileCase.Request) one.deed()).body();
        assertThat(body).isNotNull();
        return new String(
                body.bytes(text -> text.replace("{namespace}", "a").replace("{i}", "7")),
                StandardCharsets.UTF_8);
    }

    @Test
    void shouldReadAllFilesOfThisProject() throws IOException {
        List<HostileCase> cases = HostileCases.all();
        assertThat(cases)
                .extracting(HostileCase::finding)
                .contains("P1", "P2", "P3", "P8", "P14", "P27", "P29", "P35");
        assertThat(cases)
                .extracting(one -> one.deed().getClass().getSimpleName())
                .contains("Request", "Sql", "Annotate", "Hang");
        assertThat(cases).allSatisfy(one -> assertThat(one.atOnce()).isPositive());
    }

    @Test
    void shouldTouchNothingButTheNamespaceOfTheOneWhoDoesIt() throws IOException {
        assertThat(HostileCases.all())
                .filteredOn(one -> one.deed() instanceof HostileCase.Sql)
                .isNotEmpty()
                .allSatisfy(one ->
                        assertThat(((HostileCase.Sql) one.deed()).statement())
                                .contains("namespace = '{namespace}'", " returning "));
        assertThat(HostileCases.all())
                .filteredOn(one -> one.deed() instanceof HostileCase.Request)
                .map(one -> ((HostileCase.Request) one.deed()).path())
                .filteredOn(path -> path.contains("jobs:cancel") || path.contains("jobs:delete"))
                .isNotEmpty()
                .allMatch(path ->
                        path.contains("namespace={namespace}") || path.contains("dryRun=true"));
    }

    @Test
    void shouldTakeOtherWorkOnlyWithinItsOwnNamespace() throws IOException {
        for (HostileCase one : HostileCases.all()) {
            if (one.deed() instanceof HostileCase.Request request
                    && request.body() != null
                    && request.path().startsWith("/api/v1/jobs")) {
                List<String> texts =
                        request.body().pieces().stream().map(HostileBody.Piece::text).toList();
                assertThat(texts)
                        .as(one.name())
                        .anyMatch(text ->
                                text.equals("{}")
                                        || text.contains("\"namespace\":\"{namespace}\""));
            }
        }
    }

    @Test
    void shouldReadACall() {
        HostileCase one =
                read(
                        """
                        {"finding": "P1", "method": "POST", "path": "/p", "headers": {"A": "b"}, "everyMillis": 20,
                            "times": {"short": 3, "full": 9}, "atOnce": 2, "expects": ["422", "5xx"],
                            "sends": {"bytes": 1, "everyMillis": 2, "forSeconds": 3},
                            "body": ["[", {"repeat": "{i}.{n}{pad:3}", "times": 3, "separator": ","}, "] of {namespace}"]}
                        """);
        assertThat(one.times()).isIn(3, 9);
        assertThat(one.every()).isEqualTo(Duration.ofMillis(20));
        assertThat(one.atOnce()).isEqualTo(2);
        assertThat(one.expects()).containsExactly("422", "5xx");
        assertThat(((HostileCase.Request) one.deed()).sends())
                .isEqualTo(new HostileCase.Drip(1, Duration.ofMillis(2), Duration.ofSeconds(3)));
        assertThat(body(one)).isEqualTo("[7.0xxx,7.1xxx,7.2xxx] of a");
    }

    @Test
    void shouldWriteATreeAsJson() {
        HostileCase one =
                read(
                        """
                        {"finding": "P8", "method": "POST", "path": "/p", "everyMillis": 1, "expects": ["422"],
                            "body": {"namespace": "{namespace}", "nul": "a\\u0000b"}}
                        """);
        assertThat(body(one)).isEqualTo("{\"namespace\":\"a\",\"nul\":\"a\\u0000b\"}");
        assertThat(one.times()).isZero();
        assertThat(one.atOnce()).isEqualTo(1);
    }

    @Test
    void shouldZipABody() throws IOException {
        HostileBody zipped =
                new HostileBody(List.of(new HostileBody.Piece("{},", 1_000_000, "")), true);
        byte[] bytes = zipped.bytes(text -> text);
        assertThat(bytes.length).isLessThan(10_000);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            assertThat(in.readAllBytes())
                    .hasSize(3_000_000)
                    .startsWith("{},{},".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void shouldRefuseAMisspeltField() {
        assertThatThrownBy(() ->
                        read(
                                """
                                {"finding": "P1", "sql": "select 1", "evryMillis": 1, "everyMillis": 1, "expects": ["done"]}
                                """))
                .hasMessageContaining("one: [evryMillis] is none of");
    }

    @Test
    void shouldRefuseACaseThatExpectsNothing() {
        assertThatThrownBy(() ->
                        read(
                                "{\"finding\": \"P1\", \"sql\": \"select 1\", \"everyMillis\": 1, \"expects\": []}"))
                .hasMessageContaining("expects must be a list");
    }
}

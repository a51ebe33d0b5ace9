package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sets of schedules: what happens is what the dry run had said. */
class SetsApiTest {
    private static final String APPLY = "/api/v1/schedules:apply";
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    /** Three kinds of periodic, a hundred targets each. */
    private static final class Targets {
        final String set;
        final Map<String, String> images = new LinkedHashMap<>();
        final List<String> instances = new ArrayList<>();
        boolean prune;

        Targets(String set) {
            this.set = set;
            for (String kind : List.of("report", "sync", "sweep")) {
                images.put(kind, "busybox:1.36");
                IntStream.range(0, 100)
                        .forEach(i ->
                                instances.add(
                                        "{\"template\":\"%s\",\"with\":{\"target\":\"%s-%03d\",\"minute\":%d}}"
                                                .formatted(kind, set, i, i % 60)));
            }
        }

        String json() {
            String templates =
                    images.entrySet().stream()
                            .map(kind ->
                                    """
                                    {"name":"%1$s","parameters":[{"name":"target"},{"name":"minute","type":"integer"},
                                        {"name":"retries","type":"integer","default":1}],
                                     "schedule":{"name":"%1$s-${target}","cron":"${minute} * * * *","timeZone":"Europe/Berlin",
                                        "job":{"image":"%2$s","maxRetries":"${retries}","args":["${target}"]}}}
                                    """
                                            .formatted(kind.getKey(), kind.getValue()))
                            .collect(Collectors.joining(","));
            return "{\"set\":\"%s\",\"prune\":%s,\"templates\":[%s],\"instances\":[%s]}"
                    .formatted(set, prune, templates, String.join(",", instances));
        }
    }

    private static WebServer.Answer apply(String body) throws Exception {
        return web.post(APPLY, body);
    }

    /** Tries it, does it, and sees that both say the same, but for the time that passed. */
    private static Map<String, Object> same(Targets targets) throws Exception {
        WebServer.Answer tried = web.post(APPLY + "?dryRun=true", targets.json());
        WebServer.Answer done = apply(targets.json());
        assertThat(done.status()).as("%s", done.body()).isEqualTo(200);
        assertThat(steps(done)).isEqualTo(steps(tried));
        assertThat(done.body().get("unchanged")).isEqualTo(tried.body().get("unchanged"));
        return done.body();
    }

    private static List<Map<String, Object>> steps(WebServer.Answer answer) {
        return Stream.of("created", "updated", "removed")
                .flatMap(kind -> list(answer.body(), kind).stream().map(step -> told(kind, step)))
                .toList();
    }

    private static Map<String, Object> told(String kind, Map<String, Object> step) {
        Map<String, Object> told = new HashMap<>(step);
        told.put("kind", kind);
        // an instant may have come between the two calls: the rest of them is the same
        List.of("before", "after")
                .forEach(field ->
                        told.computeIfPresent(
                                field, (f, instants) -> ((List<?>) instants).subList(1, 9).size()));
        return told;
    }

    private static List<Map<String, Object>> list(Map<String, Object> body, String field) {
        return ((List<?>) body.get(field)).stream().map(Json::asObject).toList();
    }

    private static List<Map<String, Object>> ofSet(String set) throws Exception {
        return list(web.get("/api/v1/schedules?limit=500&set=" + set).body(), "items");
    }

    private static Map<String, Object> named(Map<String, Object> body, String kind, String name) {
        return list(body, kind).stream()
                .filter(step -> step.get("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Tag("slow")
    void shouldDoToThreeHundredOfThreeTemplatesWhatTheDryRunSays() throws Exception {
        Targets targets = new Targets("big");
        assertThat(web.post(APPLY + "?dryRun=true", targets.json()).status()).isEqualTo(200);
        String saidInside = targets.json().replaceFirst("\\{", "{\"dryRun\":true,");
        assertThat(apply(saidInside).body()).containsEntry("dryRun", true);
        assertThat(ofSet("big")).as("a dry run does nothing").isEmpty();
        assertThat(list(same(targets), "created")).hasSize(300);
        assertThat(ofSet("big")).hasSize(300);
        assertThat(same(targets))
                .as("once more: nothing to do")
                .containsEntry("unchanged", number(300));

        targets.images.put("sync", "busybox:1.37");
        Map<String, Object> changed = same(targets);
        assertThat(changed).containsEntry("unchanged", number(200));
        assertThat(list(changed, "updated")).hasSize(100);
        assertThat(named(changed, "updated", "sync-big-007").get("changes"))
                .isEqualTo(
                        List.of(
                                Map.of(
                                        "pointer", "/job/image",
                                        "before", "busybox:1.36",
                                        "after", "busybox:1.37")));

        targets.instances.removeIf(line -> line.contains("sweep") && line.contains("big-042"));
        assertThat(same(targets)).as("without prune it stays").containsEntry("removed", List.of());
        assertThat(ofSet("big")).hasSize(300);
        targets.prune = true;
        assertThat(list(same(targets), "removed"))
                .singleElement()
                .satisfies(step -> assertThat(step).containsEntry("name", "sweep-big-042"));
        assertThat(ofSet("big"))
                .hasSize(299)
                .noneMatch(schedule -> schedule.get("name").equals("sweep-big-042"))
                .filteredOn(schedule -> schedule.get("name").toString().startsWith("sync"))
                .allMatch(schedule ->
                        Json.asObject(schedule.get("job")).get("image").equals("busybox:1.37"));
    }

    private static BigDecimal number(int n) {
        return BigDecimal.valueOf(n);
    }

    private static String set(String name, String rest, String... schedules) {
        return "{\"set\":\"%s\",%s\"schedules\":[%s]}"
                .formatted(name, rest, String.join(",", schedules));
    }

    private static String schedule(String name, String timing) {
        return "{\"name\":\"%s\",%s,\"job\":{\"image\":\"busybox:1.36\"}}".formatted(name, timing);
    }

    @Test
    void shouldSayInWhichInstantsItDiffers() throws Exception {
        apply(set("instants", "", schedule("instants-a", "\"every\":\"1h\"")));
        WebServer.Answer tried =
                web.post(
                        APPLY + "?dryRun=true",
                        set("instants", "", schedule("instants-a", "\"every\":\"2h\"")));
        Map<String, Object> step = named(tried.body(), "updated", "instants-a");
        assertThat(step.keySet())
                .containsExactlyInAnyOrder("namespace", "name", "changes", "before", "after");
        assertThat(list(step, "before")).hasSize(10);
        assertThat(list(step, "after")).hasSize(10);
        assertThat(list(step, "before"))
                .map(i -> i.get("plannedAt"))
                .as("each second one stays")
                .containsAll(
                        list(step, "after").stream()
                                .limit(5)
                                .map(i -> i.get("plannedAt"))
                                .toList());
    }

    @Test
    void shouldNotTellValuesOfVariables() throws Exception {
        String with =
                set(
                        "quiet",
                        "",
                        "{\"name\":\"quiet\",\"every\":\"1h\",\"job\":{\"image\":\"a\",\"env\":[{\"name\":\"TOKEN\",\"value\":\"one\"}]}}");
        apply(with);
        WebServer.Answer changed = apply(with.replace("one", "two"));
        assertThat(named(changed.body(), "updated", "quiet").get("changes").toString())
                .contains("/job/env", "TOKEN")
                .doesNotContain("one", "two");
    }

    @Test
    void shouldLeaveAPersonsPauseAndTakeThatOfTheSet() throws Exception {
        String held = set("held", "", schedule("set-held", "\"every\":\"1h\""));
        apply(held);
        web.post("/api/v1/schedules/default/set-held/pause", "");
        assertThat(apply(held).body()).containsEntry("unchanged", number(1));
        apply(set("held", "", schedule("set-held", "\"every\":\"2h\"")));
        assertThat(ofSet("held").getFirst())
                .containsEntry("paused", true)
                .containsEntry("every", "2h");
        apply(set("held", "", schedule("set-held", "\"every\":\"2h\",\"paused\":false")));
        assertThat(ofSet("held").getFirst()).containsEntry("paused", false);
    }

    @Test
    void shouldNeverTouchWhatIsNotOfTheSet() throws Exception {
        web.post("/api/v1/schedules", schedule("made-by-hand", "\"every\":\"1h\""));
        apply(set("theirs", "", schedule("of-theirs", "\"every\":\"1h\"")));
        for (String name : List.of("made-by-hand", "of-theirs")) {
            WebServer.Answer refused =
                    apply(set("ours", "\"prune\":true,", schedule(name, "\"every\":\"2h\"")));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body().get("detail").toString()).contains(name);
        }
        apply(set("ours", "\"prune\":true,"));
        assertThat(ofSet("theirs")).hasSize(1);
        assertThat(web.get("/api/v1/schedules/default/made-by-hand").body())
                .containsEntry("every", "1h");
    }

    @Test
    void shouldNotRemoveMoreThanHalfUnlessForced() throws Exception {
        String[] ten =
                IntStream.range(0, 10)
                        .mapToObj(i -> schedule("guarded-" + i, "\"every\":\"1h\""))
                        .toArray(String[]::new);
        apply(set("guarded", "", ten));
        String four =
                set(
                        "guarded",
                        "\"prune\":true,",
                        List.of(ten).subList(0, 4).toArray(String[]::new));
        WebServer.Answer refused = apply(four);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("detail").toString()).contains("6 of the 10", "force");
        assertThat(ofSet("guarded")).hasSize(10);
        WebServer.Answer tried = web.post(APPLY + "?dryRun=true", four);
        assertThat(tried.body().get("refused").toString()).contains("force");
        assertThat(list(tried.body(), "removed")).hasSize(6);
        apply(four.replace("\"prune\":true", "\"prune\":true,\"force\":true"));
        assertThat(ofSet("guarded")).hasSize(4);
    }

    @Test
    void shouldNameWhereASetIsWrongAndDoNothingOfIt() throws Exception {
        WebServer.Answer wrong =
                apply(
                        set(
                                "wrong",
                                "",
                                schedule("fine", "\"every\":\"1h\""),
                                schedule("bad", "\"cron\":\"61 * * * *\"")));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body().get("errors").toString()).contains("/schedules/1/cron");
        assertThat(apply("{\"schedules\":[]}").body().get("errors").toString()).contains("/set");
        Predicate<String> mentions =
                text -> text.contains("/instances/0") && text.contains("target");
        String unfilled = new Targets("unfilled").json().replaceFirst("\"target\":\"[^\"]*\",", "");
        assertThat(apply(unfilled).body().get("errors").toString()).matches(mentions);
        assertThat(ofSet("wrong")).isEmpty();
    }
}

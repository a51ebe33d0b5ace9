package io.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.FieldError;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleSetTest {
    private static final Map<String, Object> LINT =
            Map.of(
                    "name", "lint",
                    "parameters",
                            List.of(
                                    Map.of("name", "repo"),
                                    Map.of(
                                            "name",
                                            "hour",
                                            "type",
                                            "integer",
                                            "default",
                                            new BigDecimal(3)),
                                    Map.of(
                                            "name",
                                            "retries",
                                            "type",
                                            "integer",
                                            "default",
                                            new BigDecimal(0)),
                                    Map.of(
                                            "name",
                                            "args",
                                            "type",
                                            "strings",
                                            "default",
                                            List.of("-v")),
                                    Map.of(
                                            "name",
                                            "tier",
                                            "enum",
                                            List.of("gold", "tin"),
                                            "default",
                                            "tin")),
                    "schedule",
                            Map.of(
                                    "name",
                                    "lint-${repo}",
                                    "cron",
                                    "H ${hour} * * *",
                                    "labels",
                                    Map.of("repo", "${repo}", "tier", "${tier}"),
                                    "job",
                                    Map.of(
                                            "image", "busybox:1.36",
                                            "command",
                                                    List.of(
                                                            "sh",
                                                            "-c",
                                                            "echo $${HOME} ${args} ${repo}"),
                                            "args", "${args}",
                                            "maxRetries", "${retries}")));

    @Test
    void shouldMakeAScheduleOfEachInstance() {
        ScheduleSet set =
                read(
                        Map.of(
                                "set", "periodics",
                                "templates", List.of(LINT),
                                "instances",
                                        List.of(
                                                instance(Map.of("repo", "core")),
                                                instance(
                                                        Map.of(
                                                                "repo",
                                                                "web",
                                                                "hour",
                                                                new BigDecimal(7),
                                                                "retries",
                                                                new BigDecimal(2),
                                                                "args",
                                                                List.of("-q", "-x"))))));
        assertThat(set.members())
                .map(m -> m.schedule().name())
                .containsExactly("lint-core", "lint-web");
        Schedule web = set.members().get(1).schedule();
        assertThat(web.when().cron()).isEqualTo("H 7 * * *");
        assertThat(web.job().maxRetries()).isEqualTo(2);
        assertThat(web.labels()).containsEntry("repo", "web").containsEntry("tier", "tin");
        Map<?, ?> job = (Map<?, ?>) ScheduleTree.of(web).get("job");
        assertThat(job.get("args")).isEqualTo(List.of("-q", "-x"));
        assertThat(job.get("command")).isEqualTo(List.of("sh", "-c", "echo ${HOME} -q,-x web"));
    }

    @Test
    void shouldNameWhatIsWrongInAnInstance() {
        assertThat(
                        errors(
                                Map.of(
                                        "set", "periodics",
                                        "templates", List.of(LINT),
                                        "instances",
                                                List.of(
                                                        instance(Map.of()),
                                                        instance(
                                                                Map.of(
                                                                        "repo", "a", "hour",
                                                                        "seven")),
                                                        instance(
                                                                Map.of(
                                                                        "repo", "a", "tier",
                                                                        "wood")),
                                                        instance(
                                                                Map.of(
                                                                        "repo", "a", "colour",
                                                                        "red")),
                                                        Map.of("template", "none")))))
                .extracting(FieldError::pointer)
                .containsExactly(
                        "/instances/0/with/repo",
                        "/instances/1/with/hour",
                        "/instances/2/with/tier",
                        "/instances/3/with/colour",
                        "/instances/4/template");
    }

    @Test
    void shouldSayWhichInstanceMakesAWrongSchedule() {
        assertThat(
                        errors(
                                Map.of(
                                        "set", "periodics",
                                        "templates", List.of(LINT),
                                        "instances",
                                                List.of(
                                                        instance(
                                                                Map.of(
                                                                        "repo",
                                                                        "a",
                                                                        "hour",
                                                                        new BigDecimal(25)))))))
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.pointer()).isEqualTo("/instances/0");
                    assertThat(error.message())
                            .startsWith("makes a schedule whose /cron cannot be read");
                });
    }

    @Test
    void shouldRefuseTheSameNameTwice() {
        assertThat(
                        errors(
                                Map.of(
                                        "set", "periodics",
                                        "templates", List.of(LINT),
                                        "instances",
                                                List.of(
                                                        instance(Map.of("repo", "a")),
                                                        instance(Map.of("repo", "a"))))))
                .containsExactly(new FieldError("/instances/1", "is default/lint-a once more"));
    }

    @Test
    void shouldRefuseATemplateWithAHoleThatNoParameterFills() {
        Map<String, Object> template =
                Map.of(
                        "name", "t",
                        "parameters",
                                List.of(
                                        Map.of("name", "a b"),
                                        Map.of("name", "n", "type", "colour")),
                        "schedule", Map.of("name", "x-${nobody}"));
        assertThat(errors(Map.of("set", "periodics", "templates", List.of(template))))
                .extracting(FieldError::pointer)
                .containsExactly(
                        "/templates/0/parameters/0/name",
                        "/templates/0/parameters/1/type",
                        "/templates/0/schedule");
    }

    @Test
    void shouldWantTheNameOfTheSet() {
        assertThat(errors(Map.of())).extracting(FieldError::pointer).containsExactly("/set");
    }

    /** 80 MB of 2 MB: nobody makes them. */
    @Test
    void shouldStopFillingTemplatesWhereTheyAreTooMuchTogether() {
        Map<String, Object> template =
                Map.of(
                        "name", "t",
                        "parameters", List.of(Map.of("name", "a")),
                        "schedule", Map.of("name", "x", "job", "${a}".repeat(40)));
        Map<String, Object> large =
                Map.of("template", "t", "with", Map.of("a", "x".repeat(2_000_000)));
        Map<String, Object> small = Map.of("template", "t", "with", Map.of("a", "x"));
        assertThat(
                        errors(
                                Map.of(
                                        "set", "s",
                                        "templates", List.of(template),
                                        "instances", List.of(small, large, small))))
                .extracting(FieldError::pointer)
                .containsExactly("/instances/1/with", "/instances/2/with");
    }

    private static Map<String, Object> instance(Map<String, Object> with) {
        return Map.of("template", "lint", "with", with);
    }

    private static ScheduleSet read(Object tree) {
        return switch (ScheduleSet.read(tree, "local", Zones.ofJdk())) {
            case ScheduleSet.Result.Read(ScheduleSet set) -> set;
            case ScheduleSet.Result.Wrong(List<FieldError> errors) ->
                    throw new AssertionError(errors);
        };
    }

    private static List<FieldError> errors(Object tree) {
        return switch (ScheduleSet.read(tree, "local", Zones.ofJdk())) {
            case ScheduleSet.Result.Read read -> throw new AssertionError(read);
            case ScheduleSet.Result.Wrong(List<FieldError> errors) -> errors;
        };
    }
}

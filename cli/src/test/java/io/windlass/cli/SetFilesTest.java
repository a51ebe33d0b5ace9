package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetFilesTest {
    private static final String CRON_JOB =
            """
            apiVersion: batch/v1
            kind: CronJob
            metadata:
              name: report
              namespace: team-a
              labels: {team: a}
              annotations: {owner: somebody, kubectl.kubernetes.io/last-applied-configuration: '{}'}
            spec:
              schedule: "TZ=Europe/Berlin 30 2 * * *"
              concurrencyPolicy: Forbid
              startingDeadlineSeconds: 600
              successfulJobsHistoryLimit: 5
              suspend: false
              jobTemplate:
                metadata: {labels: {kind: report}}
                spec:
                  backoffLimit: 2
                  ttlSecondsAfterFinished: 60
                  podFailurePolicy: {rules: []}
                  template:
                    metadata: {labels: {app: report}}
                    spec:
                      restartPolicy: OnFailure
                      containers: [{name: main, image: "busybox:1.36"}]
            """;

    @TempDir Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private SetFiles read() throws Refusal {
        return SetFiles.read("ours", List.of(folder));
    }

    private static List<Map<String, @Nullable Object>> part(SetFiles files, String part) {
        return ((List<?>) files.request(false, false).get(part))
                .stream().map(Json::asObject).toList();
    }

    @Test
    void shouldGatherAFolderWithAllThatIsInItInTheOrderOfTheNames() throws Exception {
        write(
                "b.yaml",
                "name: b\nevery: 1h\njob: {image: b}\n---\n- {name: c, every: 1h, job: {image: c}}\n");
        write(
                "deeper/a.yml",
                "templates: [{name: t, schedule: {name: '${x}'}}]\ninstances: [{template: t, with: {x: 1}}]");
        write(
                "a.json",
                "{\"set\":\"ours\",\"schedules\":[{\"name\":\"a\",\"every\":\"1h\",\"job\":{\"image\":\"a\"}}]}");
        write(".hidden.yaml", "no");
        write("README.md", "no");
        SetFiles files = read();
        assertThat(part(files, "schedules")).map(s -> s.get("name")).containsExactly("a", "b", "c");
        assertThat(part(files, "templates")).hasSize(1);
        assertThat(part(files, "instances")).hasSize(1);
        assertThat(files.place("/schedules/1/cron"))
                .isEqualTo(folder.resolve("b.yaml") + " (b) /cron");
        assertThat(files.place("/instances/0"))
                .isEqualTo(folder.resolve("deeper/a.yml") + " (instances[0])");
        assertThat(files.place("/set")).isEqualTo("/set");
    }

    @Test
    void shouldTranslateACronJobAndTellEachFieldThatHasNoEquivalent() throws Exception {
        write("cronjob.yaml", CRON_JOB);
        SetFiles files = read();
        Map<String, @Nullable Object> schedule = part(files, "schedules").getFirst();
        assertThat(schedule)
                .containsEntry("name", "report")
                .containsEntry("namespace", "team-a")
                .containsEntry("cron", "30 2 * * *")
                .containsEntry("timeZone", "Europe/Berlin")
                .containsEntry("concurrency", "Forbid")
                .containsEntry("startingDeadline", "600s")
                .containsEntry("labels", Map.of("team", "a"))
                .containsEntry("keep", Map.of("succeeded", 5, "failed", 1))
                .doesNotContainKey("paused");
        assertThat(Json.asObject(schedule.get("job")))
                .containsEntry("maxRetries", 2)
                .containsEntry("labels", Map.of("kind", "report", "app", "report"))
                .containsEntry(
                        "podSpec",
                        Map.of(
                                "containers",
                                List.of(Map.of("name", "main", "image", "busybox:1.36"))));
        assertThat(files.lost())
                .allMatch(field ->
                        field.startsWith(folder.resolve("cronjob.yaml") + " (CronJob report): "))
                .map(field -> field.substring(field.indexOf("): ") + 3).split("[ :]", 2)[0])
                .containsExactlyInAnyOrder(
                        "metadata.annotations",
                        "spec.jobTemplate.spec.activeDeadlineSeconds",
                        "spec.jobTemplate.spec.ttlSecondsAfterFinished",
                        "spec.jobTemplate.spec.template.spec.restartPolicy",
                        "spec.jobTemplate.spec.podFailurePolicy");
    }

    @Test
    void shouldTakeAListOfCronJobsAsKubectlGivesIt() throws Exception {
        write("list.yaml", "kind: List\nitems:\n- " + CRON_JOB.strip().replace("\n", "\n  "));
        assertThat(part(read(), "schedules")).hasSize(1);
    }

    @Test
    void shouldNameTheFileThatItCannotTake() throws Exception {
        write("other.yaml", "kind: Deployment\nmetadata: {name: x}\n");
        assertThatThrownBy(this::read)
                .hasMessageContaining("other.yaml")
                .hasMessageContaining("CronJob");
        write("other.yaml", "set: theirs\nschedules: []\n");
        assertThatThrownBy(this::read).hasMessageContaining("theirs").hasMessageContaining("ours");
        write("other.yaml", "schedules: []\nschedule: []\n");
        assertThatThrownBy(this::read).hasMessageContaining("schedule is not known");
        write("other.yaml", "a: [");
        assertThatThrownBy(this::read).hasMessageContaining("other.yaml");
        assertThatThrownBy(() -> SetFiles.read("ours", List.of(folder.resolve("absent"))))
                .hasMessageContaining("absent");
    }

    /** Each line is twice the one before: 2^25 values in 400 bytes. */
    @Test
    void shouldRefuseAFileThatIsSmallOnlyAsLongAsItsAliasesAreNotExpanded() throws Exception {
        StringBuilder bomb = new StringBuilder("a0: &a0 [1, 1]\n");
        for (int i = 1; i <= 24; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        write("bomb.yaml", bomb.toString());
        assertThatThrownBy(this::read)
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("bomb.yaml")
                .hasMessageContaining("aliases");
        write("bomb.yaml", "schedules: &a [*a]\n");
        assertThatThrownBy(this::read).isInstanceOf(Refusal.class).hasMessageContaining("aliases");
    }
}

package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobId;
import io.windlass.store.Jobs.StoredJob;
import io.windlass.store.Schedules.StoredSchedule;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rows as the version before wrote them, and rows that nobody can read. */
class UnreadableRowsTest extends OnPostgres {
    private static final Jobs.Filter ALL =
            new Jobs.Filter(null, Set.of(), Map.of(), null, null, null, null, null, null, null);

    /** What a few bytes print as: 201 digits. */
    private static final String SPOILED = "{\"name\": \"spoiled\", \"containers\": [1e200]}";

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    private void writtenByTheVersionBefore(JobId id, String spec) {
        execute(
                "update job set spec = '%s', spec_text = null where id = '%s'"
                        .formatted(spec, id.value()));
    }

    private UUID schedule(String name) {
        UUID id = UUID.randomUUID();
        new Schedules(database)
                .create(
                        new Schedules.NewSchedule(
                                id,
                                "default",
                                name,
                                "local",
                                null,
                                Map.of("every", "1h", "n", new BigDecimal("1.50")),
                                Map.of(),
                                false,
                                "tester"));
        return id;
    }

    private StoredSchedule find(String name) {
        return new Schedules(database).find("default", name).orElseThrow();
    }

    @Test
    void shouldListTheOthersBesideAJobWhoseSpecCannotBeRead() {
        JobId spoiled = submit("spoiled", Map.of("labels", Map.of("a", "b")));
        JobId one = submit("one");
        writtenByTheVersionBefore(spoiled, SPOILED);
        assertThat(jobs.list(ALL, null, 10)).extracting(Jobs.Found::id).contains(one, spoiled);
        assertThat(jobs.each(List.of(one, spoiled), StoredJob::id)).containsExactly(one, spoiled);
        StoredJob read = jobs.find(spoiled).orElseThrow();
        assertThat(read.unreadable()).contains("number");
        assertThat(read.spec())
                .containsEntry("name", "spoiled")
                .containsEntry("namespace", "default")
                .containsEntry("cluster", "local")
                .containsEntry("labels", Map.of("a", "b"));
        assertThat(jobs.find(one).orElseThrow().unreadable()).isNull();
    }

    @Test
    void shouldReadTheTextThatWasHashedAndNotWhatTheDatabaseMakesOfIt() {
        NewJob job = newJob("one", Map.of(), null);
        String text = job.specJson().replace("\"priority\":0", "\"priority\":1e2");
        submissions.store(
                java.util.List.of(
                        new NewJob(
                                job.id(), job.spec(), text, "hash", "t", null, null, null, null)));
        assertThat(jobs.find(job.id()).orElseThrow().spec().get("priority")).hasToString("1E+2");
        assertThat(checks.spec(job.id()).tree().get("priority")).hasToString("1E+2");
        writtenByTheVersionBefore(job.id(), "{\"name\": \"before\"}");
        assertThat(jobs.find(job.id()).orElseThrow().spec()).isEqualTo(Map.of("name", "before"));
        assertThat(checks.spec(job.id()).tree()).isEqualTo(Map.of("name", "before"));
    }

    /** It would be a hundred megabytes. */
    @Test
    void shouldNotFetchATextThatIsLongerThanAnySpec() {
        JobId spoiled = submit("spoiled");
        writtenByTheVersionBefore(spoiled, "{\"n\": [" + "1e131071,".repeat(99) + "1]}");
        assertThat(jobs.find(spoiled).orElseThrow().unreadable()).isNotNull();
    }

    @Test
    void shouldReadADefinitionAsWhoeverReplacedItLastWroteIt() {
        UUID id = schedule("one");
        assertThat(find("one").definition().get("n")).hasToString("1.50");
        execute(
                "update schedule set definition = '{\"every\": \"2h\"}', version = version + 1 where id = '%s'"
                        .formatted(id));
        assertThat(find("one").definition()).isEqualTo(Map.of("every", "2h"));
        assertThat(find("one").unreadable()).isNull();
    }

    @Test
    void shouldListTheOthersBesideAScheduleWhoseDefinitionCannotBeRead() {
        UUID spoiled = schedule("spoiled");
        schedule("one");
        execute(
                "update schedule set definition = '%s', version = version + 1 where id = '%s'"
                        .formatted(SPOILED, spoiled));
        Schedules schedules = new Schedules(database);
        assertThat(schedules.list(new Schedules.Filter(null, null, Map.of()), null, 10))
                .extracting(StoredSchedule::name)
                .containsExactly("one", "spoiled");
        assertThat(find("spoiled").unreadable()).contains("number");
        assertThat(find("spoiled").tree()).containsEntry("name", "spoiled");
        assertThat(schedules.delete(spoiled)).isTrue();
    }
}

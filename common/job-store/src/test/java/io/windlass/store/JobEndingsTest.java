package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Jobs by the end of their ids: those that the caller may see, and only the newest. */
class JobEndingsTest extends OnPostgres {
    /** Old jobs of a namespace, the first the oldest; each hundredth ends in 'feedbeef'. */
    private static final String OLDER =
            """
            insert into job (id, cluster, namespace, queue, name, spec, spec_version, spec_hash, labels, priority,
                weight, rank, max_retries, completions, submitted_by, submitted_at)
            select (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-0000' || case when n %% 100 = 0 then 'feedbeef'
                    else lpad(to_hex(n), 8, '0') end)::uuid,
                'local', '%s', 'q', 'old', '{}', 1, 'h', '{}', 0, 1, now(), 0, 1, 'tester',
                timestamptz '2026-01-01T00:00:00Z' + n * interval '1 second'
            from generate_series(%d, %d) n
            """;

    private static String ending(JobId id, int digits) {
        String text = id.toString();
        return text.substring(text.length() - digits);
    }

    private List<JobId> find(List<String> namespaces, String ending) {
        return new JobEndings(database).find(namespaces, ending, 1_000);
    }

    private void older(String namespace, int from, int to) {
        database.inTransaction(handle -> handle.execute(OLDER.formatted(namespace, from, to)));
    }

    @Test
    void shouldFindAJobByTheEndOfItsId() {
        JobId one = submit("one");
        JobId other = submit("other");
        assertThat(find(null, ending(one, 8))).containsExactly(one);
        assertThat(find(null, ending(other, 8))).containsExactly(other);
        assertThat(find(null, ending(one, 17))).containsExactly(one);
        assertThat(find(null, one.toString())).containsExactly(one);
        assertThat(find(null, "%%%%%%%%")).isEmpty();
        assertThat(jobs.list(among(List.of(one)), null, 10))
                .extracting(Jobs.Found::id)
                .containsExactly(one);
        assertThat(jobs.list(among(List.of()), null, 10)).isEmpty();
        assertThat(jobs.list(among(List.of(one)).in(Set.of()), null, 10)).hasSize(1);
    }

    private static Jobs.Filter among(List<JobId> ids) {
        return new Jobs.Filter(
                null, Set.of(), Map.of(), null, null, null, null, null, null, null, ids);
    }

    @Test
    void shouldFindAllThatEndSoTheNewestFirstAndOnlyWhereTheCallerSeesThem() {
        older("team-a", 1, 300);
        older("team-b", 301, 400);
        assertThat(find(null, "feedbeef"))
                .extracting(id -> id.value().toString().substring(0, 8))
                .containsExactly("00000190", "0000012c", "000000c8", "00000064");
        assertThat(find(List.of("team-a", "team-b"), "feedbeef")).hasSize(4);
        assertThat(find(List.of("team-b"), "feedbeef"))
                .containsExactly(
                        new JobId(UUID.fromString("00000190-0000-7000-8000-0000feedbeef")));
        assertThat(find(List.of("team-c"), "feedbeef")).isEmpty();
        assertThat(find(List.of(), "feedbeef")).isEmpty();
        assertThat(new JobEndings(database).find(null, "feedbeef", 2)).hasSize(2);
    }

    @Test
    void shouldLookThroughTheNewestThatTheCallerSeesWhateverOthersHave() {
        older("team-a", 1, 200);
        older("team-b", 201, 200 + JobEndings.NEWEST);
        assertThat(find(List.of("team-a"), "00000007"))
                .as("others have taken all the newest places")
                .hasSize(1);
        assertThat(find(null, "00000007")).as("beyond the newest").isEmpty();
        assertThat(find(List.of("team-a", "team-b"), "00000007")).isEmpty();
        assertThat(find(List.of("team-b"), "000000c9")).as("the oldest of them").hasSize(1);
        older("team-b", 201 + JobEndings.NEWEST, 201 + JobEndings.NEWEST);
        assertThat(find(List.of("team-b"), "000000c9")).isEmpty();
    }
}

package io.windlass.processor;

import io.windlass.job.JobId;
import io.windlass.job.JobSpecReader;
import io.windlass.job.JobSpecTree;
import io.windlass.json.Json;
import io.windlass.store.Database;
import io.windlass.store.NewJob;
import io.windlass.store.Submissions;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Jobs as web-server stores them, for tests to which it does not matter what they are. */
final class SubmittedJobs {
    private SubmittedJobs() {}

    static JobId one(Database database, RandomGenerator random) {
        var spec =
                ((JobSpecReader.Result.Read)
                                JobSpecReader.read(
                                        Map.of("name", "one", "image", "busybox"), "local"))
                        .spec();
        JobId id = JobId.at(System.currentTimeMillis(), random);
        Submissions.on(database)
                .store(
                        List.of(
                                new NewJob(
                                        id,
                                        spec,
                                        Json.canonical(JobSpecTree.of(spec)),
                                        "hash",
                                        "tester",
                                        null,
                                        null,
                                        null,
                                        null)));
        return id;
    }
}

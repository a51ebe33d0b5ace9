package io.windlass.store;

import io.windlass.job.Outages;
import io.windlass.job.Surroundings;
import java.time.Duration;
import java.util.List;

/** Where all processors read which registries and nodes are in trouble. */
public interface OutageBoard {
    static OutageBoard on(Database database) {
        return new PostgresOutages(database);
    }

    /** Pulls that fail for a reason that may pass, as far as pods are known. */
    List<Outages.FailingPull> failing(String cluster);

    /**
     * Writes down what is on; what was on and is not seen any more is forgotten after {@code
     * remembered}: a pull that has failed often is tried again only after minutes.
     *
     * @return what is on or was until just now
     */
    List<Surroundings.Outage> note(
            String cluster, List<Surroundings.Outage> on, Duration remembered);

    /** Jobs that wait for an image are looked at now, and say then what holds them up. */
    int lookAtThoseThatPull(String cluster);
}

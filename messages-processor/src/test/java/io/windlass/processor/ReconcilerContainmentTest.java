package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Drift;
import io.windlass.job.Input;
import io.windlass.job.JobId;
import io.windlass.job.Look;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One of many fails alone, and what a lost cluster left behind is told apart. */
class ReconcilerContainmentTest extends WithReconciler {
    @Test
    void shouldSetRightTheOthersBesideAJobThatCannotBeWritten() {
        JobId spoiled = running();
        JobId other = running();
        for (JobId id : List.of(spoiled, other)) {
            listed.put(
                    id,
                    Look.listed(
                            seen(id, 38, COMPLETE),
                            List.of(pod(id, "a", 37, "Succeeded")),
                            LISTED_AT));
        }
        database.inTransaction(handle -> {
            handle.execute(
                    "create function refuse() returns trigger language plpgsql as"
                            + " 'begin raise exception ''this row cannot be written''; end'");
            handle.execute(
                    "create trigger refuse before update on job_state for each row when (old.job_id = '"
                            + spoiled.value()
                            + "') execute function refuse()");
        });
        reconciler.runOnce();
        assertThat(isLookedAt(other)).isTrue();
        assertThat(isLookedAt(spoiled)).isFalse();
        assertThat(differ(Drift.END_NOT_NOTED)).isEqualTo(2);
    }

    @Test
    void shouldGoOnWhereOneNamespaceRefusesADeletion() {
        settledAsLostIn("another");
        settledAsLostIn("another");
        refusesDeletions = true;
        reconciler.runOnce();
        assertThat(deleted).as("both are tried").hasSize(2);
    }

    /** Its answer stays, and whether its Job may go is for people to say. */
    @Test
    void shouldLeaveAloneWhatRunsOnInAClusterThatWasLostAndFound() {
        settledAsLostIn(HERE);
        reconciler.runOnce();
        assertThat(differ(Drift.LEFT_ALONE)).isOne();
        assertThat(differ()).isOne();
        assertThat(deleted).isEmpty();
    }

    @Test
    void shouldDeleteWhatAFrozenCreatorMadeInTheNextCluster() {
        JobId id = settledAsLostIn("another");
        reconciler.runOnce();
        assertThat(deleted).containsExactly("uid-" + id);
        assertThat(differ()).isZero();
    }

    /** A list of this cluster has its Job. */
    private JobId settledAsLostIn(String identity) {
        JobId id = running();
        decided(id, new Input.Looked(new Look(seen(id, 38, COMPLETE), List.of())));
        decided(id, new Input.Looked(Look.NOTHING));
        database.inTransaction(handle ->
                handle.createUpdate(
                                "update job_state set cluster_identity = :lost, lost_identity ="
                                        + " :lost where job_id = :id")
                        .bind("lost", identity)
                        .bind("id", id.value())
                        .execute());
        assertThat(load(id).isLeftInALostCluster()).isTrue();
        listed.put(id, Look.listed(seen(id, 50), List.of(), LISTED_AT));
        return id;
    }
}

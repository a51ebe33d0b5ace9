package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import io.windlass.schedule.ScheduleReader;
import io.windlass.store.Clerk;
import io.windlass.store.Ledger;
import io.windlass.testing.TestSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Generated schedules, and sets of them, through real HTTP; bodies that fail are kept. */
@Tag("slow")
class RandomSchedulesTest {
    private static final int SINGLE = TestSize.of(100, 500, 2_500);
    private static final int IN_SETS = TestSize.of(100, 200, 1_000);
    private static final String SCHEDULES = "/api/v1/schedules";
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = RandomRequests.server();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @Test
    void shouldReadListAndDeleteEveryScheduleThatIsAcceptedAndRefuseTheOthers() throws Exception {
        int bodies = SINGLE;
        int accepted = 0;
        Set<String> fields = new TreeSet<>();
        for (List<String> portion :
                KeptBodies.SCHEDULES.portions(
                        bodies, s -> new RandomRequests(s).schedule("s" + s))) {
            List<SentBody> schedules = new ArrayList<>();
            for (String body : portion) {
                KeptBodies.SCHEDULES.keptUnless(
                        List.of(body), () -> isTakenOrRefused(body, schedules, fields));
            }
            accepted += schedules.size();
            KeptBodies.SCHEDULES.keptUnless(
                    portion, () -> areListedAccountedForAndDeleted(schedules));
        }
        System.out.println(
                "[windlass tests] of " + bodies + " schedules " + accepted + " were accepted");
        assertThat(accepted).as("of " + bodies).isBetween(bodies / 20, bodies * 9 / 10);
        assertThat(fields).as("of bodies that were accepted").containsAll(ScheduleReader.FIELDS);
    }

    private static void isTakenOrRefused(String body, List<SentBody> schedules, Set<String> fields)
            throws Exception {
        SentBody sent = SentBody.to(web, SCHEDULES, body);
        String set = "{\"set\":\"s\",\"dryRun\":true,\"schedules\":[" + body + "]}";
        SentBody asSet = SentBody.to(web, SCHEDULES + ":apply", set);
        if (sent.accepted()) {
            schedules.add(sent);
            sent.isReadAsItWasSent(web, path(sent));
            fields.addAll(Json.object(body).keySet());
            // it is there already, and of no set
            assertThat(asSet.answer().status()).as(asSet.told()).isEqualTo(200);
        } else {
            sent.isRefusedByAPointer();
            asSet.isRefusedByAPointer();
        }
    }

    private static String path(SentBody schedule) {
        return SCHEDULES + "/" + schedule.field("namespace") + "/" + schedule.field("name");
    }

    private static void areListedAccountedForAndDeleted(List<SentBody> schedules) throws Exception {
        areAccountedFor();
        assertThat(web.listed(SCHEDULES, "name")).hasSize(schedules.size());
        for (SentBody sent : schedules) {
            assertThat(web.send(web.request(path(sent)).DELETE()).status())
                    .as(sent.told())
                    .isEqualTo(204);
        }
    }

    private static void areAccountedFor() {
        Ledger.Round round =
                web.bean(Ledger.class).account(500, web.bean(Clerk.class).withRoomFor(1_000));
        assertThat(round.setAside()).isZero();
    }

    @Test
    void shouldApplyListAndEmptyEverySetThatIsAcceptedAndRefuseTheOthers() throws Exception {
        int bodies = IN_SETS;
        int accepted = 0;
        for (List<String> portion :
                KeptBodies.SETS.portions(bodies, s -> new RandomSets(s).set("set" + s))) {
            for (String body : portion) {
                KeptBodies.SETS.keptUnless(List.of(body), () -> isAppliedOrRefused(body));
                accepted +=
                        SentBody.to(web, SCHEDULES + ":apply?dryRun=true", body).accepted() ? 1 : 0;
            }
        }
        System.out.println(
                "[windlass tests] of " + bodies + " sets " + accepted + " were accepted");
        assertThat(accepted).as("of " + bodies).isBetween(bodies / 20, bodies * 9 / 10);
    }

    private static void isAppliedOrRefused(String body) throws Exception {
        SentBody tried = SentBody.to(web, SCHEDULES + ":apply?dryRun=true", body);
        SentBody done = SentBody.to(web, SCHEDULES + ":apply", body);
        if (!done.accepted()) {
            done.isRefusedByAPointer();
            tried.isRefusedByAPointer();
            return;
        }
        assertThat(tried.answer().status()).as(tried.told()).isEqualTo(200);
        areAccountedFor();
        List<?> created = (List<?>) done.field("created");
        assertThat(web.listed(SCHEDULES, "name"))
                .as(done.told())
                .containsExactlyInAnyOrderElementsOf(
                        created.stream().map(one -> Json.asObject(one).get("name")).toList());
        String set = String.valueOf(Json.object(body).get("set"));
        SentBody emptied =
                SentBody.to(
                        web,
                        SCHEDULES + ":apply",
                        "{\"set\":\"%s\",\"prune\":true,\"force\":true,\"schedules\":[]}"
                                .formatted(set));
        assertThat(emptied.answer().status()).as(emptied.told()).isEqualTo(200);
        assertThat(web.listed(SCHEDULES, "name")).as(done.told()).isEmpty();
    }
}

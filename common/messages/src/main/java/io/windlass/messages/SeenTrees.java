package io.windlass.messages;

import io.windlass.job.BoundedText;
import io.windlass.job.EventSeen;
import io.windlass.job.JobSeen;
import io.windlass.job.PodSeen;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was seen of Jobs and pods, as trees, with texts of at most so many characters. */
final class SeenTrees {
    private static final int MOST_CONTAINERS = 20;
    private static final int MOST_CONDITIONS = 20;
    private static final int MOST_EVENTS = 10;

    private SeenTrees() {}

    static Map<String, @Nullable Object> job(JobSeen job, boolean gone, int text) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("namespace", job.namespace());
        tree.put("name", job.name());
        tree.put("uid", job.uid());
        tree.put("guard", job.guard());
        tree.put("gone", gone);
        JobSeen.Owner owner = job.owner();
        if (owner != null) {
            tree.put(
                    "owner",
                    Map.of(
                            "installation", owner.installation(),
                            "jobId", owner.jobId(),
                            "attempt", owner.attempt(),
                            "specHash", owner.specHash()));
        }
        tree.put("deletionAt", Objects.toString(job.deletionAt(), null));
        tree.put(
                "conditions",
                job.conditions().stream()
                        .limit(MOST_CONDITIONS)
                        .map(c -> condition(c, text))
                        .toList());
        return tree;
    }

    private static Map<String, @Nullable Object> condition(JobSeen.Condition condition, int text) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("type", condition.type());
        tree.put("isTrue", condition.isTrue());
        tree.put("reason", BoundedText.of(condition.reason(), text));
        tree.put("message", BoundedText.of(condition.message(), text));
        tree.put("at", Objects.toString(condition.at(), null));
        return tree;
    }

    static JobSeen job(TreeReader read) {
        TreeReader owner = read.optionalObject("owner");
        return new JobSeen(
                read.text("namespace"),
                read.text("name"),
                read.text("uid"),
                read.number("guard"),
                owner == null
                        ? null
                        : new JobSeen.Owner(
                                owner.text("installation"),
                                owner.text("jobId"),
                                owner.count("attempt"),
                                owner.text("specHash")),
                read.optionalInstant("deletionAt"),
                read.list(
                        "conditions",
                        c ->
                                new JobSeen.Condition(
                                        c.text("type"),
                                        c.bool("isTrue"),
                                        c.text("reason"),
                                        c.text("message"),
                                        c.optionalInstant("at"))));
    }

    static Map<String, @Nullable Object> pod(PodSeen pod, int text) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", pod.name());
        tree.put("uid", pod.uid());
        tree.put("guard", pod.guard());
        tree.put("attempt", pod.attempt());
        tree.put("phase", pod.phase());
        tree.put("reason", BoundedText.of(pod.reason(), text));
        tree.put("message", BoundedText.of(pod.message(), text));
        tree.put("node", pod.node());
        tree.put("deletionAt", Objects.toString(pod.deletionAt(), null));
        tree.put("disrupted", pod.disrupted());
        PodSeen.Unscheduled waits = pod.unscheduled();
        if (waits != null) {
            tree.put(
                    "unscheduled",
                    Map.of(
                            "message", BoundedText.of(waits.message(), text),
                            "room", waits.room().name(),
                            "why", BoundedText.of(waits.why(), text)));
        }
        PodSeen.Owner owner = pod.owner();
        if (owner != null) {
            tree.put("owner", Map.of("namespace", owner.namespace(), "uid", owner.uid()));
        }
        tree.put("sandboxReady", pod.sandboxReady());
        tree.put("told", told(pod.told(), text));
        tree.put(
                "containers",
                pod.containers().stream()
                        .sorted(Comparator.comparingInt(SeenTrees::rank))
                        .limit(MOST_CONTAINERS)
                        .map(container -> container(container, text))
                        .toList());
        return tree;
    }

    /** Of many those that explain most: what has failed, what waits, and main containers first. */
    private static int rank(PodSeen.ContainerSeen container) {
        PodSeen.Ended ended = container.ended();
        int trouble =
                ended != null && ended.exitCode() != 0 ? 0 : container.waiting() != null ? 1 : 2;
        return 2 * trouble + (container.kind() == PodSeen.Kind.MAIN ? 0 : 1);
    }

    private static Map<String, @Nullable Object> told(PodSeen.Told told, int text) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("all", told.all());
        tree.put("pulls", told.pulls());
        tree.put(
                "events",
                told.events().stream()
                        .limit(MOST_EVENTS)
                        .map(event ->
                                Map.of(
                                        "reason", BoundedText.of(event.reason(), 100),
                                        "message", BoundedText.of(event.message(), text),
                                        "count", event.count()))
                        .toList());
        return tree;
    }

    private static PodSeen.Told told(TreeReader read) {
        return new PodSeen.Told(
                read.bool("all"),
                read.count("pulls"),
                read.list(
                        "events",
                        event ->
                                new EventSeen(
                                        event.text("reason"),
                                        event.text("message"),
                                        event.number("count"))));
    }

    private static PodSeen.Unscheduled unscheduled(TreeReader read) {
        return new PodSeen.Unscheduled(
                read.text("message"), PodSeen.Room.valueOf(read.text("room")), read.text("why"));
    }

    private static Map<String, @Nullable Object> container(
            PodSeen.ContainerSeen container, int text) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", container.name());
        tree.put("image", BoundedText.of(container.image(), text));
        tree.put("kind", container.kind().name());
        PodSeen.Waiting waiting = container.waiting();
        if (waiting != null) {
            tree.put(
                    "waiting",
                    Map.of(
                            "reason", BoundedText.of(waiting.reason(), text),
                            "message", BoundedText.of(waiting.message(), text)));
        }
        tree.put("startedAt", Objects.toString(container.startedAt(), null));
        PodSeen.Ended ended = container.ended();
        if (ended != null) {
            Map<String, @Nullable Object> end = new LinkedHashMap<>();
            end.put("exitCode", ended.exitCode());
            end.put("reason", BoundedText.of(ended.reason(), text));
            end.put("message", BoundedText.of(ended.message(), text));
            end.put("finishedAt", Objects.toString(ended.finishedAt(), null));
            tree.put("ended", end);
        }
        return tree;
    }

    static PodSeen pod(TreeReader read) {
        TreeReader unscheduled = read.optionalObject("unscheduled");
        TreeReader told = read.optionalObject("told");
        TreeReader owner = read.optionalObject("owner");
        return new PodSeen(
                read.text("name"),
                read.text("uid"),
                read.number("guard"),
                read.count("attempt"),
                read.text("phase"),
                read.text("reason"),
                read.text("message"),
                read.optionalText("node"),
                read.optionalInstant("deletionAt"),
                read.bool("disrupted"),
                unscheduled == null ? null : unscheduled(unscheduled),
                read.bool("sandboxReady"),
                told == null ? PodSeen.Told.NOTHING : told(told),
                read.list("containers", SeenTrees::container),
                owner == null
                        ? null
                        : new PodSeen.Owner(owner.text("namespace"), owner.text("uid")));
    }

    private static PodSeen.ContainerSeen container(TreeReader read) {
        TreeReader waiting = read.optionalObject("waiting");
        TreeReader ended = read.optionalObject("ended");
        return new PodSeen.ContainerSeen(
                read.text("name"),
                read.text("image"),
                waiting == null
                        ? null
                        : new PodSeen.Waiting(waiting.text("reason"), waiting.text("message")),
                read.optionalInstant("startedAt"),
                ended == null
                        ? null
                        : new PodSeen.Ended(
                                ended.count("exitCode"),
                                ended.text("reason"),
                                ended.text("message"),
                                ended.optionalInstant("finishedAt")),
                kind(read.optionalText("kind")));
    }

    /** Versions before did not tell; what only a newer one knows is like any other container. */
    private static PodSeen.Kind kind(@Nullable String name) {
        return Arrays.stream(PodSeen.Kind.values())
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElse(PodSeen.Kind.MAIN);
    }
}

package io.windlass.messages;

import io.windlass.job.BoundedText;
import io.windlass.job.JobSeen;
import io.windlass.job.PodSeen;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was seen of Jobs and pods, as trees. */
final class SeenTrees {
    // an envelope must stay under 64 KiB however many containers complain at once
    private static final int TEXT = 1_000;
    private static final int MOST_CONTAINERS = 20;

    private SeenTrees() {}

    static Map<String, @Nullable Object> job(JobSeen job, boolean gone) {
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
        tree.put("conditions", job.conditions().stream().map(SeenTrees::condition).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> condition(JobSeen.Condition condition) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("type", condition.type());
        tree.put("isTrue", condition.isTrue());
        tree.put("reason", BoundedText.of(condition.reason(), TEXT));
        tree.put("message", BoundedText.of(condition.message(), TEXT));
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

    static Map<String, @Nullable Object> pod(PodSeen pod) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", pod.name());
        tree.put("uid", pod.uid());
        tree.put("guard", pod.guard());
        tree.put("attempt", pod.attempt());
        tree.put("phase", pod.phase());
        tree.put("reason", BoundedText.of(pod.reason(), TEXT));
        tree.put("message", BoundedText.of(pod.message(), TEXT));
        tree.put("node", pod.node());
        tree.put("deletionAt", Objects.toString(pod.deletionAt(), null));
        tree.put("disrupted", pod.disrupted());
        String unschedulable = pod.unschedulable();
        tree.put(
                "unschedulable",
                unschedulable == null ? null : BoundedText.of(unschedulable, TEXT));
        tree.put("pulls", pod.pulls());
        tree.put(
                "containers",
                pod.containers().stream()
                        .limit(MOST_CONTAINERS)
                        .map(SeenTrees::container)
                        .toList());
        return tree;
    }

    private static Map<String, @Nullable Object> container(PodSeen.ContainerSeen container) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", container.name());
        tree.put("image", BoundedText.of(container.image(), TEXT));
        PodSeen.Waiting waiting = container.waiting();
        if (waiting != null) {
            tree.put(
                    "waiting",
                    Map.of(
                            "reason", BoundedText.of(waiting.reason(), TEXT),
                            "message", BoundedText.of(waiting.message(), TEXT)));
        }
        tree.put("startedAt", Objects.toString(container.startedAt(), null));
        PodSeen.Ended ended = container.ended();
        if (ended != null) {
            tree.put(
                    "ended",
                    Map.of(
                            "exitCode", ended.exitCode(),
                            "reason", BoundedText.of(ended.reason(), TEXT),
                            "message", BoundedText.of(ended.message(), TEXT)));
        }
        return tree;
    }

    static PodSeen pod(TreeReader read) {
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
                read.optionalText("unschedulable"),
                read.count("pulls"),
                read.list("containers", SeenTrees::container));
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
                                ended.text("message")));
    }
}

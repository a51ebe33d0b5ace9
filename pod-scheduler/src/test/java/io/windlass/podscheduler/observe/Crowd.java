package io.windlass.podscheduler.observe;

/** A node of four CPUs, and pods that ask for one each. */
public final class Crowd {
    private Crowd() {}

    public static void of(Scene scene, String... pods) {
        scene.nodeIs(Objects.node("n", "4"));
        for (String pod : pods) {
            scene.podIs(Objects.pod(pod, "1", null));
        }
    }
}

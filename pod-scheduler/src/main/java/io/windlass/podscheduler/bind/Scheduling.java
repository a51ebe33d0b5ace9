package io.windlass.podscheduler.bind;

import io.windlass.podscheduler.choose.Choice;
import io.windlass.podscheduler.choose.Chooser;
import io.windlass.podscheduler.choose.PodView;
import io.windlass.podscheduler.observe.Scene;
import io.windlass.podscheduler.observe.Waiting;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One decision after the other, each on top of those before; carried out beside it. */
public final class Scheduling {
    private final Scene scene;
    private final Supplier<Chooser> chooser;
    private final Bindings bindings;
    private final Deeds deeds;
    private final Tally tally;
    private final BooleanSupplier mayBind;
    private final Consumer<String> voice;

    public Scheduling(
            Scene scene,
            Supplier<Chooser> chooser,
            Bindings bindings,
            Deeds deeds,
            Tally tally,
            BooleanSupplier mayBind,
            Consumer<String> voice) {
        this.scene = scene;
        this.chooser = chooser;
        this.bindings = bindings;
        this.deeds = deeds;
        this.tally = tally;
        this.mayBind = mayBind;
        this.voice = voice;
    }

    /** Tries everybody who is due. */
    public void round() {
        for (Waiting one : scene.due()) {
            if (!mayBind.getAsBoolean()) {
                return;
            }
            switch (scene.place(one, chooser.get())) {
                case Choice.Bind bind -> bindings.send(one, bind);
                case Choice.Wait wait -> waits(one, wait.why());
            }
        }
    }

    private void waits(Waiting one, String why) {
        PodView pod = one.pod();
        if (scene.isNews(one, why)) {
            voice.accept(pod.fullName() + " waits: " + why);
        }
        if (scene.isToBeTold(one, why)) {
            tally.failure(pod, "", 0, "Unschedulable");
            String version = one.version();
            bindings.tell(() -> deeds.tellWaiting(pod, version, why));
        }
    }
}

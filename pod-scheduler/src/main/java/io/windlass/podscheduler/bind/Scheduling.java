package io.windlass.podscheduler.bind;

import io.windlass.podscheduler.choose.Choice;
import io.windlass.podscheduler.choose.Chooser;
import io.windlass.podscheduler.choose.PodView;
import io.windlass.podscheduler.observe.Scene;
import io.windlass.podscheduler.observe.Waiting;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One decision after the other, each on top of those before; carried out beside it. */
public final class Scheduling {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduling.class);

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
            try {
                tryOut(one);
            } catch (RuntimeException e) {
                // it is not to hold up those behind it
                LOG.error("{} cannot be placed for now", one.pod().fullName(), e);
            }
        }
    }

    private void tryOut(Waiting one) {
        switch (scene.place(one, chooser.get())) {
            case Choice.Bind bind -> bindings.send(one, bind);
            case Choice.Wait wait -> waits(one, wait.why());
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

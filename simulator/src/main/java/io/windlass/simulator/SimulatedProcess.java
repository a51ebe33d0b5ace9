package io.windlass.simulator;

import io.windlass.service.Machine;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A process as its operating system has it: it may be killed between any two effects, be frozen
 * with its clock, and be begun again. Its code runs in coroutines that rest at every effect.
 */
final class SimulatedProcess implements Machine {
    /** What somebody waits for, until it comes or time is up. */
    static final class Promise<T> {
        private @Nullable T value;
        private @Nullable Task waiting;
        private final SimulatedProcess process;

        private Promise(SimulatedProcess process) {
            this.process = process;
        }

        void keep(T kept) {
            value = kept;
            Task task = waiting;
            if (task != null) {
                waiting = null;
                process.world.after(Duration.ZERO, () -> process.resume(task));
            }
        }
    }

    private static final class Task {
        private final int life;
        private final Coroutine coroutine;

        private Task(int life, Runnable work) {
            this.life = life;
            this.coroutine = new Coroutine(work);
        }
    }

    private final World world;
    private final String name;
    private final Runnable main;
    private final boolean clockFreezes;
    private int life;
    private boolean up;
    private long frozenUntil;
    private long frozenInAll;
    private @Nullable Task current;

    SimulatedProcess(World world, String name, boolean clockFreezes, Runnable main) {
        this.world = world;
        this.name = name;
        this.clockFreezes = clockFreezes;
        this.main = main;
    }

    String name() {
        return name;
    }

    boolean up() {
        return up;
    }

    /** At that moment, or since. */
    boolean stoodStill(long at) {
        return !up || frozenUntil > at;
    }

    void begin() {
        up = true;
        life++;
        execute(main);
    }

    /** SIGKILL: whatever it was at stays as it was. */
    void kill() {
        world.traced("kill " + name);
        up = false;
        life++;
        frozenUntil = 0;
    }

    /** SIGSTOP, or a machine that sleeps: then its clock stands still too. */
    void freeze(Duration length) {
        world.traced("freeze " + name);
        long until = world.nanos() + length.toNanos();
        if (until > frozenUntil) {
            frozenInAll += until - Math.max(frozenUntil, world.nanos());
            frozenUntil = until;
        }
    }

    @Override
    public void execute(Runnable work) {
        Task task = new Task(life, work);
        world.after(Duration.ZERO, () -> resume(task));
    }

    private void resume(Task task) {
        if (task.life != life) {
            return;
        }
        if (world.nanos() < frozenUntil) {
            world.at(frozenUntil, () -> resume(task));
            return;
        }
        Task before = current;
        current = task;
        try {
            task.coroutine.goOn();
        } finally {
            current = before;
        }
    }

    private Task current() {
        if (current == null) {
            throw new IllegalStateException("no code of " + name + " runs now");
        }
        return current;
    }

    @Override
    public void sleep(Duration length) {
        Task task = current();
        world.after(length, () -> resume(task));
        Coroutine.rest();
    }

    <T> Promise<T> promise() {
        return new Promise<>(this);
    }

    /** Empty where it was not kept in time. */
    <T> Optional<T> await(Promise<T> promise, Duration most) {
        if (promise.value == null) {
            Task task = current();
            promise.waiting = task;
            world.after(
                    most,
                    () -> {
                        if (promise.waiting == task) {
                            promise.waiting = null;
                            resume(task);
                        }
                    });
            Coroutine.rest();
        }
        return Optional.ofNullable(promise.value);
    }

    @Override
    public long nanoTime() {
        return clockFreezes ? world.nanos() - frozenInAll : world.nanos();
    }

    @Override
    public UUID randomId() {
        return new UUID(world.random().nextLong(), world.random().nextLong());
    }

    @Override
    public double chance() {
        return world.random().nextDouble();
    }
}

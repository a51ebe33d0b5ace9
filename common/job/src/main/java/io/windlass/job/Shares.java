package io.windlass.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Places that several share, by name. While another waits, nobody gets one more unless it has fewer
 * than are free: so each holds at most half of what is free to it, and the last place is for one
 * that has none. For one thread.
 */
public final class Shares {
    private final Map<String, Integer> taken = new HashMap<>();
    private int free;

    /**
     * As they are shared already.
     *
     * @param places all of them
     * @param taken how many of them each has
     */
    public Shares(int places, Map<String, Integer> taken) {
        this.taken.putAll(taken);
        this.free = places - taken.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** As they are now. */
    public Shares copy() {
        Shares copy = new Shares(0, taken);
        copy.free = free;
        return copy;
    }

    /** Below 0 where more are taken than there are. */
    public int free() {
        return free;
    }

    public int of(String who) {
        return taken.getOrDefault(who, 0);
    }

    public boolean mayTake(String who, boolean anotherWaits) {
        return free > 0 && (!anotherWaits || of(who) < free);
    }

    public void take(String who) {
        taken.merge(who, 1, Integer::sum);
        free--;
    }

    public void giveBack(String who) {
        taken.computeIfPresent(who, (w, count) -> count == 1 ? null : count - 1);
        free++;
    }

    /**
     * Those that may go now, and have their places then: the first in line as far as their shares
     * allow. Who is left waits, and so is another to all who have another name.
     *
     * @param who whose each is
     * @param of what each takes a place of: it goes only where all of them have one for it
     */
    public static <T> List<T> choose(
            Collection<T> line,
            int most,
            Function<T, String> who,
            Function<T, Collection<Shares>> of) {
        List<T> left = List.copyOf(line);
        Map<String, Integer> waiting = new HashMap<>();
        line.forEach(one -> waiting.merge(who.apply(one), 1, Integer::sum));
        List<T> chosen = new ArrayList<>();
        boolean more = true;
        while (more) {
            int before = chosen.size();
            List<T> notYet = new ArrayList<>();
            for (T one : left) {
                String name = who.apply(one);
                boolean anotherWaits = waiting.size() > (waiting.containsKey(name) ? 1 : 0);
                boolean goes =
                        chosen.size() < most
                                && of.apply(one).stream()
                                        .allMatch(s -> s.mayTake(name, anotherWaits));
                if (goes) {
                    of.apply(one).forEach(s -> s.take(name));
                    waiting.computeIfPresent(name, (n, count) -> count == 1 ? null : count - 1);
                    chosen.add(one);
                } else {
                    notYet.add(one);
                }
            }
            left = notYet;
            // who was held back for another may go where that waits no longer
            more = chosen.size() > before && chosen.size() < most;
        }
        return chosen;
    }
}

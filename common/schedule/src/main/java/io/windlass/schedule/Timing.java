package io.windlass.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/** Which instants there are, for ever; where a schedule begins and ends is not its matter. */
public sealed interface Timing {
    /** The first one strictly later. */
    Optional<Planned> after(Instant instant);

    /**
     * Multiples of a period since 1970, or since where it begins: the same before and after any
     * restart, and whatever the clocks do.
     */
    record Every(Duration period, Instant anchor, ZoneRules zone) implements Timing {
        @Override
        public Optional<Planned> after(Instant instant) {
            long millis = period.toMillis();
            long since = Duration.between(anchor, instant).toMillis();
            Instant next = anchor.plusMillis((Math.floorDiv(since, millis) + 1) * millis);
            LocalDateTime local = LocalDateTime.ofInstant(next, zone.getOffset(next));
            return Optional.of(new Planned(next, local, Planned.Note.NONE));
        }
    }

    /** Fixed local times: one that does not exist runs at the shift, one that comes twice once. */
    record AtLocalTimes(Cron cron, ZoneRules zone) implements Timing {
        @Override
        public Optional<Planned> after(Instant instant) {
            Optional<LocalDateTime> local =
                    cron.after(LocalDateTime.ofInstant(instant, zone.getOffset(instant)));
            Optional<Planned> next = local.map(this::at);
            // inside the second pass of a repeated hour: the first pass was the one
            while (next.isPresent() && !next.get().at().isAfter(instant)) {
                next = cron.after(next.get().local()).map(this::at);
            }
            return next;
        }

        private Planned at(LocalDateTime local) {
            ZoneOffsetTransition transition = zone.getTransition(local);
            if (transition == null) {
                return new Planned(
                        local.toInstant(zone.getOffset(local)), local, Planned.Note.NONE);
            }
            return transition.isGap()
                    ? new Planned(transition.getInstant(), local, Planned.Note.SHIFTED)
                    : new Planned(
                            local.toInstant(transition.getOffsetBefore()),
                            local,
                            Planned.Note.FIRST_OF_TWO);
        }
    }

    /**
     * Every hour of the day: follows the time that passes. What a clock never shows is passed over,
     * and what it shows twice runs twice, so that the distances stay as they are.
     */
    record AroundTheClock(Cron cron, ZoneRules zone) implements Timing {
        @Override
        public Optional<Planned> after(Instant instant) {
            ZoneOffset offset = zone.getOffset(instant);
            Optional<LocalDateTime> local = cron.after(LocalDateTime.ofInstant(instant, offset));
            ZoneOffsetTransition shift = zone.nextTransition(instant);
            while (shift != null
                    && local.isPresent()
                    && !local.get().toInstant(offset).isBefore(shift.getInstant())) {
                offset = shift.getOffsetAfter();
                // the very instant of the shift counts
                local = cron.after(shift.getDateTimeAfter().minusNanos(1));
                shift = zone.nextTransition(shift.getInstant());
            }
            ZoneOffset valid = offset;
            return local.map(l -> new Planned(l.toInstant(valid), l, Planned.Note.NONE));
        }
    }

    static Timing of(Cron cron, ZoneRules zone) {
        return cron.everyHour() ? new AroundTheClock(cron, zone) : new AtLocalTimes(cron, zone);
    }
}

package io.windlass.schedule;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * Which local times a cron expression names; zones are not its matter. Five fields, or six with the
 * seconds first. Where both the day of the month and the day of the week are given, either will do,
 * as crontab and Kubernetes have it.
 */
public final class Cron {
    private static final Map<String, String> NICKNAMES =
            Map.of(
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *",
                    "@monthly", "0 0 1 * *",
                    "@weekly", "0 0 * * 0",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@hourly", "0 * * * *");

    private static final Set<String> ANY = Set.of("*", "?", "*/1");
    private static final int HOURS = 24;

    /** Either of the two. */
    public sealed interface Result {
        record Read(Cron cron) implements Result {}

        record Wrong(String message) implements Result {}
    }

    private final CronExpression days;
    private final @Nullable CronExpression orDays;
    private final boolean everyHour;

    private Cron(CronExpression days, @Nullable CronExpression orDays, boolean everyHour) {
        this.days = days;
        this.orDays = orDays;
        this.everyHour = everyHour;
    }

    /**
     * What an expression says.
     *
     * @param identity whose it is: {@code H} stands for a number made of it
     */
    public static Result read(String text, String identity) {
        String cron = text.strip();
        if (cron.startsWith("@")) {
            String fields = NICKNAMES.get(cron.toLowerCase(Locale.ROOT));
            if (fields == null) {
                return new Result.Wrong(unknownNickname(cron));
            }
            cron = fields;
        }
        if (cron.contains("TZ=")) {
            return new Result.Wrong("must not name a zone: that is what timeZone is for");
        }
        List<String> fields = Arrays.asList(cron.toUpperCase(Locale.ROOT).split("\\s+", -1));
        if (fields.size() == 5) {
            fields = Stream.concat(Stream.of("0"), fields.stream()).toList();
        }
        if (fields.size() != 6) {
            return new Result.Wrong(
                    "must have five fields (minute, hour, day of month, month, day of week), or six with the seconds first");
        }
        try {
            return read(HashedFields.resolve(fields, identity));
        } catch (IllegalArgumentException e) {
            return new Result.Wrong(reason(e));
        }
    }

    private static Result read(List<String> fields) {
        boolean both = !ANY.contains(fields.get(3)) && !ANY.contains(fields.get(5));
        CronExpression days = expression(fields, both ? 5 : -1);
        CronExpression orDays = both ? expression(fields, 3) : null;
        Cron cron = new Cron(days, orDays, everyHour(fields.get(2)));
        return cron.after(LocalDate.EPOCH.atStartOfDay()).isEmpty()
                ? new Result.Wrong("names no day that any year has")
                : new Result.Read(cron);
    }

    private static CronExpression expression(List<String> fields, int anyAt) {
        String[] own = fields.toArray(String[]::new);
        if (anyAt >= 0) {
            own[anyAt] = "*";
        }
        return CronExpression.parse(String.join(" ", own));
    }

    private static boolean everyHour(String hours) {
        CronExpression onTheHour = CronExpression.parse("0 0 " + hours + " * * *");
        LocalDateTime hour = LocalDate.EPOCH.atStartOfDay().minusSeconds(1);
        for (int i = 0; i < HOURS; i++) {
            LocalDateTime next = onTheHour.next(hour);
            if (next == null || next.getHour() != i) {
                return false;
            }
            hour = next;
        }
        return true;
    }

    private static String unknownNickname(String cron) {
        String lower = cron.toLowerCase(Locale.ROOT);
        if (lower.startsWith("@every")) {
            return "is not for periods: leave cron out and say every, as in \"every\": \"10m\"";
        }
        return lower.equals("@reboot")
                ? "can never fire: there is no reboot here"
                : "knows of the nicknames " + NICKNAMES.keySet().stream().sorted().toList();
    }

    /** Without the library's repetition of the whole expression, which is not as it was given. */
    private static String reason(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        int repetition = message.indexOf(" in cron expression");
        return "cannot be read: " + (repetition < 0 ? message : message.substring(0, repetition));
    }

    /** The next local time, strictly later; none where no year to come has it. */
    Optional<LocalDateTime> after(LocalDateTime time) {
        LocalDateTime next = days.next(time);
        LocalDateTime other = orDays == null ? null : orDays.next(time);
        if (next == null || other == null) {
            return Optional.ofNullable(next == null ? other : next);
        }
        return Optional.of(next.isBefore(other) ? next : other);
    }

    /** Then it follows the time that passes, and not the hands of a clock that is set. */
    boolean everyHour() {
        return everyHour;
    }
}

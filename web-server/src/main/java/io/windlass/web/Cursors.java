package io.windlass.web;

import io.windlass.json.Sha256;
import io.windlass.store.EventFeed;
import io.windlass.store.Jobs;
import io.windlass.store.Schedules;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** Opaque places to go on from. */
final class Cursors {
    private static final int HASH_DIGITS = 12;

    private Cursors() {}

    /**
     * A place in the feed.
     *
     * @param hash of the event that has this number; empty where none has any more
     */
    record Feed(long seq, String epoch, String hash) {}

    static String of(Jobs.After after) {
        Instant at = after.submittedAt();
        return encode(at.getEpochSecond() + "." + at.getNano() + "." + after.id());
    }

    static Optional<Jobs.After> list(String cursor) {
        return decode(cursor)
                .map(text -> text.split("\\.", 3))
                .filter(parts -> parts.length == 3)
                .flatMap(parts -> {
                    try {
                        return Optional.of(
                                new Jobs.After(
                                        Instant.ofEpochSecond(
                                                Long.parseLong(parts[0]), Long.parseLong(parts[1])),
                                        UUID.fromString(parts[2])));
                    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
                        return Optional.<Jobs.After>empty();
                    }
                })
                .filter(after -> Query.isStorable(after.submittedAt()));
    }

    static String of(Schedules.After after) {
        return encode(after.namespace() + "/" + after.name());
    }

    static Optional<Schedules.After> schedules(String cursor) {
        return decode(cursor)
                .map(text -> text.split("/", -1))
                .filter(parts -> parts.length == 2)
                .map(parts -> new Schedules.After(parts[0], parts[1]));
    }

    static String of(Instant plannedAt) {
        return encode(plannedAt.toString());
    }

    static Optional<Instant> runs(String cursor) {
        return decode(cursor)
                .flatMap(text -> {
                    try {
                        return Optional.of(Instant.parse(text));
                    } catch (DateTimeException e) {
                        return Optional.<Instant>empty();
                    }
                })
                .filter(Query::isStorable);
    }

    static String of(int version) {
        return encode("v" + version);
    }

    static Optional<Integer> version(String cursor) {
        return decode(cursor)
                .filter(text -> text.matches("v\\d{1,9}"))
                .map(text -> Integer.valueOf(text.substring(1)));
    }

    static String of(EventFeed.StoredEvent event) {
        long seq = event.seq() == null ? 0 : event.seq();
        EventFeed.Position position =
                new EventFeed.Position(event.jobId(), event.version(), event.at());
        return of(new Feed(seq, event.epoch(), hash(position)));
    }

    static String of(Feed place) {
        return encode(place.seq() + "." + place.epoch() + "." + place.hash());
    }

    /** Those of the version before have no epoch: it is none that there is. */
    static Optional<Feed> feed(String cursor) {
        return decode(cursor)
                .map(text -> text.split("\\.", -1))
                .filter(parts -> parts.length == 2 || parts.length == 3)
                .filter(parts -> parts[0].matches("\\d{1,18}"))
                .map(parts ->
                        new Feed(
                                Long.parseLong(parts[0]),
                                parts.length == 3 ? parts[1] : "",
                                parts[parts.length - 1]));
    }

    /** For a copy of the disks, of which the database itself does not know that it went back. */
    static String hash(EventFeed.Position position) {
        String text = position.jobId() + "/" + position.version() + "/" + position.at();
        return Sha256.of(text).substring(0, HASH_DIGITS);
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> decode(String cursor) {
        try {
            return Optional.of(
                            new String(
                                    Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8))
                    .filter(text -> text.indexOf('\0') < 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

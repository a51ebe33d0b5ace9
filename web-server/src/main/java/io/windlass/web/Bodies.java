package io.windlass.web;

import io.windlass.job.FieldError;
import io.windlass.json.Json;
import io.windlass.json.JsonBounds;
import io.windlass.json.JsonRefusedException;
import io.windlass.json.JsonSyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies as trees: all that comes in goes through here, and what does not fit is refused. */
final class Bodies {
    private Bodies() {}

    /**
     * What is accepted can be stored, and read again by everybody.
     *
     * @param most bytes
     */
    static @Nullable Object parse(byte @Nullable [] body, int most) {
        byte[] text = present(body, most);
        try {
            return Json.parse(text, JsonBounds.ofBytes(most));
        } catch (JsonSyntaxException e) {
            throw malformed(e);
        } catch (JsonRefusedException e) {
            throw refused(e.refused());
        }
    }

    static byte[] present(byte @Nullable [] body, int most) {
        if (body == null || body.length == 0) {
            throw new ProblemException(Problem.MALFORMED, "the body is empty; send JSON");
        }
        if (body.length > most) {
            throw new ProblemException(
                    Problem.TOO_LARGE, "the body has more than " + most + " bytes");
        }
        return body;
    }

    static ProblemException malformed(JsonSyntaxException e) {
        String message = String.valueOf(e.getMessage());
        return new ProblemException(
                Problem.MALFORMED,
                "the body: " + message,
                List.of(new FieldError(e.pointer(), message)),
                null);
    }

    static ProblemException refused(List<JsonRefusedException.Refused> refused) {
        return ProblemException.invalid(
                refused.stream().map(r -> new FieldError(r.pointer(), r.message())).toList());
    }
}

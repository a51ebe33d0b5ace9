package io.windlass.web;

import io.windlass.job.BoundedText;
import io.windlass.job.FieldError;
import io.windlass.job.JobId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call that gets a problem for an answer. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An answer is not much longer than what was sent. */
    private static final int MOST_ERRORS = 20;

    private static final int LONGEST_TEXT = 1_000;

    private final Problem problem;
    private final transient List<FieldError> errors;
    private final transient @Nullable JobId jobId;

    ProblemException(Problem problem, String detail) {
        this(problem, detail, List.of(), null);
    }

    ProblemException(
            Problem problem, String detail, List<FieldError> errors, @Nullable JobId jobId) {
        super(detail, null, false, false);
        this.problem = problem;
        this.errors = errors;
        this.jobId = jobId;
    }

    static ProblemException invalid(List<FieldError> errors) {
        FieldError first = errors.getFirst();
        String where =
                first.pointer().isEmpty()
                        ? "the body"
                        : BoundedText.of(first.pointer(), LONGEST_TEXT);
        return new ProblemException(
                Problem.INVALID,
                where
                        + " "
                        + BoundedText.of(first.message(), LONGEST_TEXT)
                        + (errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)"),
                errors,
                null);
    }

    /** The same of what stands further down in what was sent. */
    ProblemException under(String pointer) {
        return errors.isEmpty()
                ? this
                : invalid(
                        errors.stream()
                                .map(e -> new FieldError(pointer + e.pointer(), e.message()))
                                .toList());
    }

    Problem problem() {
        return problem;
    }

    Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = tree(problem, String.valueOf(getMessage()));
        if (!errors.isEmpty()) {
            tree.put(
                    "errors",
                    errors.stream()
                            .limit(MOST_ERRORS)
                            .map(e ->
                                    Map.of(
                                            "pointer",
                                            BoundedText.of(e.pointer(), LONGEST_TEXT),
                                            "message",
                                            BoundedText.of(e.message(), LONGEST_TEXT)))
                            .toList());
        }
        if (jobId != null) {
            tree.put("id", jobId.toString());
        }
        return tree;
    }

    static Map<String, @Nullable Object> tree(Problem problem, String detail) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("type", problem.type());
        tree.put("title", problem.title());
        tree.put("status", problem.status().getCode());
        tree.put("detail", detail);
        return tree;
    }
}

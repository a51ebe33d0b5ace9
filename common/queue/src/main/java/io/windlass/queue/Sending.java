package io.windlass.queue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/**
 * Messages in calls of as many as fit. A message that is refused, alone or with the whole call that
 * it is part of, is told of and keeps no other from being sent.
 */
final class Sending {
    private static final int BATCH = 10;
    private static final int BATCH_BYTES = 256 * 1024;

    private static final int BAD_REQUEST = 400;

    /** Said to be the sender's fault, and passing all the same. */
    private static final Pattern PASSING =
            Pattern.compile(
                    "throttl|overlimit|kms|denied|token|signature|unavailable|queue",
                    Pattern.CASE_INSENSITIVE);

    private final Function<List<SendMessageBatchRequestEntry>, SendMessageBatchResponse> call;
    private final List<MessageQueue.Unsent> unsent = new ArrayList<>();

    /**
     * Each a bad request by itself. Where no other message is taken either, that proves nothing.
     */
    private final Map<Integer, String> suspects = new LinkedHashMap<>();

    private @Nullable String away;
    private int taken;

    Sending(Function<List<SendMessageBatchRequestEntry>, SendMessageBatchResponse> call) {
        this.call = call;
    }

    List<MessageQueue.Unsent> send(List<String> bodies) {
        List<SendMessageBatchRequestEntry> batch = new ArrayList<>();
        int bytes = 0;
        for (int i = 0; i < bodies.size(); i++) {
            int size = bodies.get(i).getBytes(StandardCharsets.UTF_8).length;
            if (batch.size() == BATCH || (!batch.isEmpty() && bytes + size > BATCH_BYTES)) {
                send(batch, false);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(
                    SendMessageBatchRequestEntry.builder()
                            .id(Integer.toString(i))
                            .messageBody(bodies.get(i))
                            .build());
            bytes += size;
        }
        if (!batch.isEmpty()) {
            send(batch, false);
        }
        // the last, so that others come before them the next time
        suspects.forEach(
                (index, why) -> unsent.add(new MessageQueue.Unsent(index, taken > 0, why)));
        return List.copyOf(unsent);
    }

    private void send(List<SendMessageBatchRequestEntry> batch, boolean alone) {
        if (away != null) {
            // it was away a moment ago: the rest is not worth a time-out each
            notSent(batch, away);
            return;
        }
        try {
            SendMessageBatchResponse response = call.apply(batch);
            int failed = response.hasFailed() ? response.failed().size() : 0;
            taken += batch.size() - failed;
            if (failed > 0) {
                response.failed().forEach(this::refused);
            }
        } catch (QueueAwayException e) {
            if (!isBadRequest(e)) {
                away = String.valueOf(e.getMessage());
                notSent(batch, away);
            } else if (alone) {
                suspects.put(Integer.parseInt(batch.getFirst().id()), why(e.getCause()));
            } else {
                int before = taken;
                batch.forEach(one -> send(List.of(one), true));
                away = taken > before || away != null ? away : why(e.getCause());
            }
        }
    }

    private void refused(BatchResultErrorEntry entry) {
        boolean ownFault =
                Boolean.TRUE.equals(entry.senderFault())
                        && !PASSING.matcher(String.valueOf(entry.code())).find();
        unsent.add(
                new MessageQueue.Unsent(
                        Integer.parseInt(entry.id()), ownFault, String.valueOf(entry.code())));
    }

    private void notSent(List<SendMessageBatchRequestEntry> batch, String why) {
        batch.forEach(
                one -> unsent.add(new MessageQueue.Unsent(Integer.parseInt(one.id()), false, why)));
    }

    /** Of a whole call: one of its messages may be at fault. */
    private static boolean isBadRequest(QueueAwayException e) {
        return e.getCause() instanceof AwsServiceException said
                && said.statusCode() == BAD_REQUEST
                && !PASSING.matcher(why(said)).find();
    }

    /** Its code: what it says besides may quote what was sent. */
    static String why(@Nullable Throwable failure) {
        if (failure instanceof AwsServiceException said && said.awsErrorDetails() != null) {
            return said.statusCode() + " " + said.awsErrorDetails().errorCode();
        }
        return String.valueOf(failure == null ? null : failure.getMessage());
    }
}

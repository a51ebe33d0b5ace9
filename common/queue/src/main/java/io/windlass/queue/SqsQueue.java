package io.windlass.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/** A standard queue, found or made when it is first needed, and again if it went away. */
final class SqsQueue implements MessageQueue {
    private static final Logger LOG = LoggerFactory.getLogger(SqsQueue.class);
    private static final MessageSystemAttributeName RECEIPTS =
            MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT;
    private static final int BATCH = 10;

    record Urls(String queue, String deadLetters) {}

    private final SqsClient sqs;
    private final String name;
    private final Supplier<Urls> opener;
    private final Duration visibility;
    private final int mostReceipts;
    private volatile @Nullable Urls urls;

    SqsQueue(
            SqsClient sqs,
            String name,
            Supplier<Urls> opener,
            Duration visibility,
            int mostReceipts) {
        this.sqs = sqs;
        this.name = name;
        this.opener = opener;
        this.visibility = visibility;
        this.mostReceipts = mostReceipts;
    }

    @Override
    public List<Unsent> send(List<String> bodies) {
        return new Sending(this::sendBatch).send(bodies);
    }

    private SendMessageBatchResponse sendBatch(List<SendMessageBatchRequestEntry> entries) {
        return calling(u -> sqs.sendMessageBatch(r -> r.queueUrl(u.queue()).entries(entries)));
    }

    @Override
    public List<Received> receive(Duration wait) {
        return calling(u ->
                sqs
                        .receiveMessage(r ->
                                r.queueUrl(u.queue())
                                        .maxNumberOfMessages(BATCH)
                                        .waitTimeSeconds((int) wait.toSeconds())
                                        .messageSystemAttributeNames(RECEIPTS)
                                        .visibilityTimeout((int) visibility.toSeconds()))
                        .messages()
                        .stream()
                        .map(this::received)
                        .toList());
    }

    private Received received(Message message) {
        String receipts = message.attributes().getOrDefault(RECEIPTS, "1");
        return new Received(
                message.messageId(),
                message.receiptHandle(),
                message.body(),
                Integer.parseInt(receipts) >= mostReceipts);
    }

    @Override
    public void delete(Collection<Received> messages) {
        if (messages.isEmpty()) {
            return;
        }
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (Received message : messages) {
            entries.add(
                    DeleteMessageBatchRequestEntry.builder()
                            .id(Integer.toString(entries.size()))
                            .receiptHandle(message.handle())
                            .build());
        }
        // what is not deleted comes again, and does nothing the second time
        calling(u -> sqs.deleteMessageBatch(r -> r.queueUrl(u.queue()).entries(entries)));
    }

    @Override
    public void release(Collection<Received> messages) {
        if (messages.isEmpty()) {
            return;
        }
        List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
        for (Received message : messages) {
            entries.add(
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                            .id(Integer.toString(entries.size()))
                            .receiptHandle(message.handle())
                            .visibilityTimeout(0)
                            .build());
        }
        calling(u -> sqs.changeMessageVisibilityBatch(r -> r.queueUrl(u.queue()).entries(entries)));
    }

    @Override
    public void bury(Received message) {
        calling(u -> sqs.sendMessage(r -> r.queueUrl(u.deadLetters()).messageBody(message.body())));
    }

    private interface Call<T> {
        T with(Urls urls);
    }

    private <T> T calling(Call<T> call) {
        try {
            Urls opened = urls;
            if (opened == null) {
                opened = opener.get();
                urls = opened;
            }
            return call.with(opened);
        } catch (QueueDoesNotExistException e) {
            urls = null;
            LOG.warn("queue {} is not there", name);
            throw new QueueAwayException(name + " does not exist", e);
        } catch (SdkException e) {
            throw new QueueAwayException(name + ": " + Sending.why(e), e);
        }
    }
}

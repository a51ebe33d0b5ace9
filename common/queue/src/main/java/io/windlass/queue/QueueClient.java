package io.windlass.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** A connection to SQS, and the queues behind it by name. */
public final class QueueClient implements AutoCloseable {
    private static final Duration RETENTION = Duration.ofHours(1);
    private static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(14);

    private final QueueSettings settings;
    private final SqsClient sqs;

    public QueueClient(QueueSettings settings) {
        this.settings = settings;
        SqsClientBuilder builder =
                SqsClient.builder()
                        .region(Region.of(settings.region()))
                        .httpClientBuilder(
                                Apache5HttpClient.builder()
                                        .maxConnections(64)
                                        .connectionTimeout(Duration.ofSeconds(2))
                                        .socketTimeout(Duration.ofSeconds(30)))
                        .overrideConfiguration(
                                ClientOverrideConfiguration.builder()
                                        .apiCallAttemptTimeout(Duration.ofSeconds(30))
                                        .build());
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        this.sqs = builder.build();
    }

    public MessageQueue requests(String cluster) {
        return queue(cluster + "-requests");
    }

    public MessageQueue observations(String cluster) {
        return queue(cluster + "-observations");
    }

    private MessageQueue queue(String suffix) {
        String name = settings.prefix() + suffix;
        return new SqsQueue(
                sqs, name, () -> open(name), settings.visibility(), settings.maxReceiveCount());
    }

    private SqsQueue.Urls open(String name) {
        String deadLetters = name + "-dead-letters";
        if (!settings.create()) {
            return new SqsQueue.Urls(url(name), url(deadLetters));
        }
        String deadUrl =
                make(
                        deadLetters,
                        Map.of(
                                QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                                Long.toString(DEAD_LETTER_RETENTION.toSeconds())));
        String arn =
                sqs.getQueueAttributes(r ->
                                r.queueUrl(deadUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                        .attributes()
                        .get(QueueAttributeName.QUEUE_ARN);
        Map<QueueAttributeName, String> attributes = new HashMap<>();
        attributes.put(
                QueueAttributeName.MESSAGE_RETENTION_PERIOD, Long.toString(RETENTION.toSeconds()));
        attributes.put(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                Long.toString(settings.visibility().toSeconds()));
        attributes.put(
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                        .formatted(arn, settings.maxReceiveCount()));
        return new SqsQueue.Urls(make(name, attributes), deadUrl);
    }

    private String make(String name, Map<QueueAttributeName, String> attributes) {
        try {
            return url(name);
        } catch (QueueDoesNotExistException e) {
            return sqs.createQueue(r -> r.queueName(name).attributes(attributes)).queueUrl();
        }
    }

    private String url(String name) {
        return sqs.getQueueUrl(r -> r.queueName(name)).queueUrl();
    }

    @Override
    public void close() {
        sqs.close();
    }
}
